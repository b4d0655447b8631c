-- purpose: orders and visitor-days of each store by week, in the period and in the one it is
--   compared with
-- grain: store_id, span, week_start
-- inputs: store_days
-- params: first date, last date, before_first date, before_last date
-- outputs:
--   store_id varchar, the store
--   span varchar, period or before
--   week_start date, Monday of the week
--   orders bigint, paid orders
--   visitors bigint, visitor-days on days with known traffic, null = none known
--   tracked_orders bigint, orders on days with known traffic
-- source: METHODS 4
with days as (
    select
        store_id,
        'period' as span,
        cast(date_trunc('week', day) as date) as week_start,
        orders,
        visitors,
        tracked_orders,
    from store_days
    where day >= $first and day <= $last
    union all
    select
        store_id,
        'before' as span,
        cast(date_trunc('week', day) as date) as week_start,
        orders,
        visitors,
        tracked_orders,
    from store_days
    where day >= $before_first and day <= $before_last
),

final as (
    select
        store_id,
        span,
        week_start,
        cast(sum(orders) as bigint) as orders,
        cast(sum(visitors) as bigint) as visitors,
        cast(sum(tracked_orders) as bigint) as tracked_orders,
    from days
    group by store_id, span, week_start
)

select * from final
order by store_id, span, week_start
