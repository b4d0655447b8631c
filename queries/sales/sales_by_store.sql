-- purpose: sales of each store in the period, in whole cents
-- grain: store_id
-- inputs: store_days
-- params: first date, last date
-- outputs:
--   store_id varchar, the store
--   sales decimal(18,2), paid amount on the chosen basis
-- source: METHODS rules 3 and 7; rounded once, on the exact sum
with days as (
    select * from store_days
),

final as (
    select
        store_id,
        cast(sum(sales) as decimal(18, 2)) as sales,
    from days
    where day between $first and $last and lines > 0
    group by store_id
)

select * from final
order by store_id
