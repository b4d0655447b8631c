-- purpose: orders of earlier imports that a newer export of the store covers: it holds them again,
--   or holds them no longer
-- grain: is_gone
-- inputs: exported_lines, new_orders, covered_days
-- params: none
-- outputs:
--   is_gone boolean, the newer export covers the day and does not hold the order
--   orders bigint, such orders
--   paid_amount decimal(18,4), paid for what of them were sales
-- source: DATA order_lines
with covered as (
    select
        exported_lines.order_id,
        exported_lines.reason,
        exported_lines.paid_amount,
        new_orders.order_id is null as is_gone,
    from exported_lines
    left join new_orders on exported_lines.order_id = new_orders.order_id
    left join covered_days on exported_lines.placed_on = covered_days.day
    where new_orders.order_id is not null or covered_days.day is not null
),

final as (
    select
        is_gone,
        count(distinct order_id) as orders,
        cast(
            coalesce(sum(case when reason is null then paid_amount end), 0) as decimal(18, 4)
        ) as paid_amount,
    from covered
    group by is_gone
)

select * from final
order by is_gone
