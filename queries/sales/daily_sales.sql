-- purpose: sales of each store on each day of the period
-- grain: store_id, day
-- inputs: store_days
-- params: first date, last date
-- outputs:
--   store_id varchar, the store
--   day date, the day
--   sales double, paid amount on the chosen basis
-- source: METHODS 4 "concentration"
with days as (
    select * from store_days
),

final as (
    select
        store_id,
        day,
        cast(sales as double) as sales,
    from days
    where day between $first and $last
)

select * from final
order by store_id, day
