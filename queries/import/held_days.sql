-- purpose: of the days between the first and the last of a newer export those that it really holds:
--   at least half of the orders known of the day are in it. An export cut by another clock, or by
--   the time of payment, reaches into days of which it has a few orders only
-- grain: day
-- inputs: exported_lines, new_orders, covered_days
-- params: none
-- outputs:
--   day date, a day whose orders the newer export holds
-- source: DATA order_lines
with known as (
    select distinct
        exported_lines.placed_on as day,
        exported_lines.order_id,
        new_orders.order_id is not null as is_held,
    from exported_lines
    left join new_orders on exported_lines.order_id = new_orders.order_id
),

counted as (
    select
        day,
        count(*) as orders,
        count(*) filter (where is_held) as held,
    from known
    group by day
),

final as (
    select covered_days.day
    from covered_days
    inner join counted on covered_days.day = counted.day
    where 2 * counted.held >= counted.orders
)

select * from final
order by day
