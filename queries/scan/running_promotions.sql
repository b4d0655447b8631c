-- purpose: the promotions that ran in the period, with the store that ran them
-- grain: promo_id
-- inputs: promotions
-- params: first date, last date
-- outputs:
--   store_id varchar, the store
--   member_id varchar, the store itself, also where stores are joined into groups
--   promo_id varchar, the promotion
--   mechanism varchar, mechanism code
--   starts_at timestamp, first moment, the store's local time
--   ends_at timestamp, last moment
--   label varchar, as the shop prints it, null = not known
--   scope varchar, which products: store, category:<prefix> or sku:<a|b|c>
--   threshold_kind varchar, what is tested: none, amount or qty
--   threshold double, from how much
--   threshold_base varchar, on which price: list, activity or running
--   benefit_kind varchar, what is given: rate, amount, price, gift or credit
--   benefit double, how much
--   repeat boolean, whether for every threshold reached
--   cap decimal(18,4), at most
--   stack_group varchar, of one group only the best applies
--   priority bigint, order within its level
--   eligibility varchar, for whom: all, member, new or presale
--   merchant_share double, part the merchant bears, null = not known
--   gift_sku varchar, the product given, null = none
-- source: DATA promotions
with final as (
    select
        store_id,
        store_id as member_id,
        promo_id,
        mechanism,
        starts_at,
        ends_at,
        label,
        scope,
        threshold_kind,
        threshold,
        threshold_base,
        benefit_kind,
        benefit,
        repeat,
        cap,
        stack_group,
        priority,
        eligibility,
        merchant_share,
        gift_sku,
    from promotions
    where cast(starts_at as date) <= $last and cast(ends_at as date) >= $first
)

select * from final
order by promo_id
