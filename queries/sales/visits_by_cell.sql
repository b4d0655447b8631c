-- purpose: orders and visitor-days of each store by cell, in the period and in the one it is
--   compared with
-- grain: store_id, span, first_day
-- inputs: store_days, span_days
-- params: none
-- outputs:
--   store_id varchar, the store
--   span varchar, period or before
--   week_start date, Monday of the week
--   first_day date, first day of the cell: a week, cut where stores open or close
--   orders bigint, paid orders
--   visitors bigint, visitor-days on days with known traffic, null = none known
--   tracked_orders bigint, orders on days with known traffic
-- source: METHODS 4
with days as (
    select * from store_days
),

final as (
    select
        days.store_id,
        span_days.span,
        span_days.week_start,
        span_days.first_day,
        cast(sum(days.orders) as bigint) as orders,
        cast(sum(days.visitors) as bigint) as visitors,
        cast(sum(days.tracked_orders) as bigint) as tracked_orders,
    from days
    inner join span_days on days.day = span_days.day
    group by days.store_id, span_days.span, span_days.week_start, span_days.first_day
)

select * from final
order by store_id, span, first_day
