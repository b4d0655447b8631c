-- purpose: the first and the last day on which each store sold anything
-- grain: store_id
-- inputs: store_days
-- params: none
-- outputs:
--   store_id varchar, the store
--   first_day date, first day with an order
--   last_day date, last day with an order
-- source: METHODS 4 "growth", "concentration"; a store is measured on the days it traded
with days as (
    select * from store_days
),

final as (
    select
        store_id,
        min(day) as first_day,
        max(day) as last_day,
    from days
    where orders > 0
    group by store_id
)

select * from final
order by store_id
