-- purpose: orders with lines on both sides of a midnight: the parts of the data that it would
--   divide are read together
-- grain: store_id, order_id
-- inputs: order_lines
-- params: day date
-- outputs:
--   store_id varchar, the store
--   order_id varchar, the order
-- source: SCALE 2
with near as (
    select
        store_id,
        order_id,
        cast(ordered_at as date) as day,
    from order_lines
    where
        not coalesce(is_excluded, false)
        and ordered_at >= cast($day as timestamp)
        and ordered_at < cast($day as timestamp) + interval '2' day
),

final as (
    select
        store_id,
        order_id,
    from near
    group by store_id, order_id
    having min(day) < max(day)
)

select * from final
order by store_id, order_id
