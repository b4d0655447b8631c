-- purpose: orders of each store in the days before the period from which buyers may switch, and
--   those whose buyer is known
-- grain: store_id
-- inputs: store_days
-- params: first date, switching_days bigint
-- outputs:
--   store_id varchar, the store
--   orders bigint, paid orders
--   known_orders bigint, the part of them whose buyer is known
-- source: METHODS 6 "coverage"
with days as (
    select * from store_days
    where day >= $first - cast($switching_days as integer) and day < $first
),

final as (
    select
        store_id,
        cast(sum(orders) as bigint) as orders,
        cast(sum(known_orders) as bigint) as known_orders,
    from days
    group by store_id
)

select * from final
order by store_id
