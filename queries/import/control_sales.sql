-- purpose: what a platform says it sold, beside the order lines of the same days
-- grain: store_id
-- inputs: control_totals, order_lines
-- params: none
-- outputs:
--   store_id varchar, store
--   first_day date, first day of which both are known
--   last_day date, last one
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

final as (
    select
        control_totals.store_id,
        min(control_totals.date) as first_day,
        max(control_totals.date) as last_day,
        count(*) as days,
        cast(sum(control_totals.paid_amount) as decimal(18, 4)) as platform_amount,
        cast(sum(days.paid_amount) as decimal(18, 4)) as lines_amount,
    from control_totals
    inner join days
        on control_totals.store_id = days.store_id and control_totals.date = days.day
    where control_totals.paid_amount is not null
    group by control_totals.store_id
)

select * from final
order by store_id
