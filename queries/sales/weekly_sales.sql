-- purpose: sales by week of the period, against the store's own average and the year before
-- grain: store_id, week
-- inputs: store_days, scope_stores
-- params: first date, last date
-- outputs:
--   store_id varchar, the store; all = every compared store together
--   week bigint, 1 = the first seven days of the period
--   week_start date, first day of the week
--   sales double, sales of the seven days
--   level double, sales as a percentage of the store's average week
--   level_year_before double, sales 364 days earlier, in the same percentage; null = no data then
-- source: METHODS 4 "growth"; only full weeks are shown
with days as (
    select
        store_days.store_id,
        scope_stores.position,
        store_days.day,
        cast(store_days.sales as double) as sales,
        store_days.lines,
    from store_days
    inner join scope_stores on store_days.store_id = scope_stores.store_id
),

all_days as (
    select * from days
    union all
    select
        'all' as store_id,
        cast(0 as bigint) as position,
        day,
        sum(sales) as sales,
        sum(lines) as lines,
    from days
    group by day
),

years as (
    select
        store_id,
        cast(floor(date_diff('day', $first, day) / 7.0) as bigint) as week,
        sales,
        null as sales_before,
        0 as lines_before,
    from all_days
    where day between $first and $last
    union all
    select
        store_id,
        cast(floor(date_diff('day', $first, day + 364) / 7.0) as bigint) as week,
        null as sales,
        sales as sales_before,
        lines as lines_before,
    from all_days
    where day + 364 between $first and $last
),

sums as (
    select
        store_id,
        week,
        sum(sales) as sales,
        case when sum(lines_before) > 0 then sum(sales_before) end as sales_before,
    from years
    where week < floor((date_diff('day', $first, $last) + 1) / 7.0)
    group by store_id, week
),

-- a store trades from its first to its last order; a week without one between is one of nothing
-- sold, a week outside is none
traders as (
    select
        store_id,
        position,
        min(day) as first_day,
        max(day) as last_day,
    from all_days
    where lines > 0
    group by store_id, position
),

calendar as (
    select distinct week from sums
    where sales is not null
),

weeks as (
    select
        traders.store_id,
        traders.position,
        calendar.week,
        coalesce(sums.sales, 0) as sales,
        sums.sales_before,
    from traders
    inner join calendar
        on
            traders.first_day < $first + cast(calendar.week * 7 + 7 as integer)
            and traders.last_day >= $first + cast(calendar.week * 7 as integer)
    left join sums on traders.store_id = sums.store_id and calendar.week = sums.week
),

averages as (
    select
        store_id,
        avg(sales) as average,
    from weeks
    group by store_id
),

final as (
    select
        weeks.store_id,
        weeks.week + 1 as week,
        cast($first + cast(weeks.week * 7 as integer) as date) as week_start,
        weeks.sales,
        100 * weeks.sales / nullif(averages.average, 0) as level,
        100 * weeks.sales_before / nullif(averages.average, 0) as level_year_before,
        weeks.position,
    from weeks
    inner join averages on weeks.store_id = averages.store_id
)

select * exclude (position) from final
order by position, week
