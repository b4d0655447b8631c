-- purpose: sales a day by week of each store and of all, the base's own average = 100, and without
--   a base that of the store
-- grain: store_id, week_start
-- inputs: weekly_variance, scope_stores
-- params: none
-- outputs:
--   store_id varchar, a store, or all
--   base varchar, aligned, year_before, against or previous: the first that all stores have
--   week_start date, Monday of the week, or the first day of the period
--   days bigint, days of the week in the period
--   sales double, of the week
--   level double, sales a day, 100 = the average day of the base, else of the store
--   level_before double, the same of the days it is held against
-- source: METHODS 10
with chosen as (
    select base
    from weekly_variance
    where store_id = 'all' and baseline is not null
    order by list_position(['aligned', 'year_before', 'against', 'previous'], base)
    limit 1
),

weeks as (
    select weekly_variance.*
    from weekly_variance
    inner join chosen on weekly_variance.base = chosen.base
),

averages as (
    select
        store_id,
        coalesce(
            sum(baseline)
            / nullif(cast(sum(case when baseline is not null then days end) as double), 0),
            sum(actual) / nullif(cast(sum(days) as double), 0)
        ) as average,
    from weeks
    group by store_id
    having coalesce(sum(baseline), sum(actual)) > 0
),

final as (
    select
        weeks.store_id,
        weeks.base,
        weeks.week_start,
        weeks.days,
        weeks.actual as sales,
        100 * weeks.actual / nullif(weeks.days * averages.average, 0) as level,
        100 * weeks.baseline / nullif(weeks.days * averages.average, 0) as level_before,
        scope_stores.position,
    from weeks
    inner join averages on weeks.store_id = averages.store_id
    left join scope_stores on weeks.store_id = scope_stores.store_id
)

select * exclude (position) from final
order by store_id = 'all' desc, position asc nulls last, store_id asc, week_start asc
