-- purpose: what a platform says it sold, beside the order lines of the same days; a day between
--   the first and last order that has none counts as nothing sold
-- grain: store_id
-- inputs: control_totals, order_lines
-- params: none
-- outputs:
--   store_id varchar, store
--   first_day date, first day, not before the first order
--   last_day date, last day, not after the last order
--   days bigint, days
--   platform_amount decimal(18,4), paid by what the platform says
--   lines_amount decimal(18,4), paid by the order lines
-- source: DATA order_lines.paid_amount
with days as (
    select
        store_id,
        cast(ordered_at as date) as day,
        sum(paid_amount) as paid_amount,
    from order_lines
    group by store_id, cast(ordered_at as date)
),

spans as (
    select
        store_id,
        min(day) as first_day,
        max(day) as last_day,
    from days
    group by store_id
),

final as (
    select
        control_totals.store_id,
        min(control_totals.date) as first_day,
        max(control_totals.date) as last_day,
        count(*) as days,
        cast(sum(control_totals.paid_amount) as decimal(18, 4)) as platform_amount,
        cast(sum(coalesce(days.paid_amount, 0)) as decimal(18, 4)) as lines_amount,
    from control_totals
    inner join spans
        on
            control_totals.store_id = spans.store_id
            and control_totals.date between spans.first_day and spans.last_day
    left join days
        on control_totals.store_id = days.store_id and control_totals.date = days.day
    where control_totals.paid_amount is not null
    group by control_totals.store_id
)

select * from final
order by store_id
