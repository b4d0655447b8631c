-- purpose: counted service values of each store, metric and week: how many cases, and the sum over
--   cases; a row of one order is one case
-- grain: store_id, metric, week_start
-- inputs: service, metric_registry
-- params: first date, last date
-- outputs:
--   store_id varchar, the store
--   metric varchar, the metric
--   week_start date, Monday of the week
--   cases bigint, cases
--   total double, sum of the value over cases
--   squares double, sum of its square over cases, null where a row stands for several cases
-- source: METHODS 5, DATA service
with measured as (
    select
        service.store_id,
        service.metric,
        service.date as day,
        service.value,
        coalesce(service.n, case when service.order_id is not null then 1 end) as cases,
    from service
    inner join metric_registry
        on
            metric_registry.dimension = 'service'
            and metric_registry.metric
            = case
                when starts_with(service.metric, 'walkthrough_') then 'walkthrough'
                else service.metric
            end
    where
        service.date >= $first
        and service.date <= $last
        and service.value is not null
),

final as (
    select
        store_id,
        metric,
        cast(date_trunc('week', day) as date) as week_start,
        cast(sum(cases) as bigint) as cases,
        sum(cases * value) as total,
        case when max(cases) = 1 then sum(value * value) end as squares,
    from measured
    where cases > 0
    group by store_id, metric, cast(date_trunc('week', day) as date)
)

select * from final
order by store_id, metric, week_start
