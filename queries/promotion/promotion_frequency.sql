-- purpose: on how many of its product-days each store sold below list price, by week
-- grain: store_id, week_start
-- inputs: sku_weeks
-- params: none
-- outputs:
--   store_id varchar, the store
--   week_start date, Monday of the week
--   days_sold bigint, days with a sale, summed over products
--   days_promoted bigint, of these, days with a sale below list price
-- source: METHODS 3
with weeks as (
    select * from sku_weeks
),

final as (
    select
        store_id,
        week_start,
        cast(sum(days_sold) as bigint) as days_sold,
        cast(sum(days_promoted) as bigint) as days_promoted,
    from weeks
    group by store_id, week_start
)

select * from final
order by store_id, week_start
