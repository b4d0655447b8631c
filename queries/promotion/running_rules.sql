-- purpose: the promotions that ran in the period, as the rules that orders are held against
-- grain: promo_id
-- inputs: running_promotions, stores
-- params: currency varchar
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
--   is_converted boolean, whether the store's money is converted from another currency
-- source: DATA promotions
with final as (
    select
        running_promotions.store_id,
        running_promotions.member_id,
        running_promotions.promo_id,
        running_promotions.mechanism,
        running_promotions.starts_at,
        running_promotions.ends_at,
        running_promotions.label,
        running_promotions.scope,
        running_promotions.threshold_kind,
        running_promotions.threshold,
        running_promotions.threshold_base,
        running_promotions.benefit_kind,
        running_promotions.benefit,
        running_promotions.repeat,
        running_promotions.cap,
        running_promotions.stack_group,
        running_promotions.priority,
        running_promotions.eligibility,
        running_promotions.merchant_share,
        running_promotions.gift_sku,
        stores.currency <> $currency as is_converted,
    from running_promotions
    inner join stores on running_promotions.member_id = stores.store_id
)

select * from final
order by promo_id
