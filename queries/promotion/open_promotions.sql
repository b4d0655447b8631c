-- purpose: the promotions of the compared stores that run on a day of the period, as the table has
--   them
-- grain: promo_id
-- inputs: promotions, scope_stores
-- params: first date, last date
-- outputs:
--   promo_id varchar, the promotion
--   store_id varchar, the store
--   mechanism varchar, mechanism code
--   starts_at timestamp, first moment
--   ends_at timestamp, last moment
--   label varchar, as the shop prints it, null = not known
--   scope varchar, store, category:<prefix> or sku:<a|b|c>, null = store
--   threshold_kind varchar, none, amount or qty, null = none
--   threshold double, from how much, null = from the first piece
--   threshold_base varchar, list, activity or running, null = as is usual
--   benefit_kind varchar, rate, amount, price, gift or credit, null = as is usual
--   benefit double, how much
--   repeat boolean, for every threshold reached, null = once
--   cap decimal(18,4), at most, null = no limit
--   stack_group varchar, of one group only the best applies, null = in none
--   priority bigint, order within its level, null = first
--   eligibility varchar, all, member, new or presale, null = all
--   merchant_share double, part the merchant bears, null = as is usual
--   gift_sku varchar, product given, null = none
-- source: METHODS 3 "Rule engine", DATA promotions
with final as (
    select
        promotions.promo_id,
        promotions.store_id,
        promotions.mechanism,
        promotions.starts_at,
        promotions.ends_at,
        promotions.label,
        promotions.scope,
        promotions.threshold_kind,
        promotions.threshold,
        promotions.threshold_base,
        promotions.benefit_kind,
        promotions.benefit,
        promotions.repeat,
        promotions.cap,
        promotions.stack_group,
        promotions.priority,
        promotions.eligibility,
        promotions.merchant_share,
        promotions.gift_sku,
    from promotions
    inner join scope_stores on promotions.store_id = scope_stores.store_id
    where
        cast(promotions.starts_at as date) <= $last
        and cast(promotions.ends_at as date) >= $first
)

select * from final
order by promo_id
