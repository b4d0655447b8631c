-- purpose: orders of a list that were paid and of which no export says what was bought
-- grain: day
-- inputs: known_orders, export_lines
-- params: none
-- outputs:
--   day date, the day by which exports are cut: of the order, else of its payment; null = not known
--   orders bigint, such orders
--   paid_amount decimal(18,4), paid for them by the consumer
-- source: DATA: no row is ever dropped silently
with lines as (
    select distinct order_id
    from export_lines
),

alone as (
    select
        cast(coalesce(known_orders.created_at, known_orders.paid_at) as date) as day,
        known_orders.order_paid,
    from known_orders
    left join lines on known_orders.order_id = lines.order_id
    where
        lines.order_id is null
        and known_orders.paid_at is not null
        and coalesce(known_orders.state, 'paid') <> 'unpaid'
),

final as (
    select
        day,
        count(*) as orders,
        cast(sum(order_paid) as decimal(18, 4)) as paid_amount,
    from alone
    group by day
)

select * from final
order by day
