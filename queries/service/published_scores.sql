-- purpose: service values whose number of cases is not told, as platforms publish them: the last
--   one of each store and metric, for it rolls over the days before
-- grain: store_id, metric
-- inputs: service, metric_registry
-- params: first date, last date
-- outputs:
--   store_id varchar, the store
--   metric varchar, the metric
--   value double, the value of the last day; of a group of stores their mean
--   day date, that day
--   weeks bigint, weeks with a published value
-- source: METHODS 5, DATA service
with published as (
    select
        service.store_id,
        service.metric,
        service.date as day,
        service.value,
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
        and service.n is null
        and service.order_id is null
),

spans as (
    select
        store_id,
        metric,
        max(day) as day,
        count(distinct date_trunc('week', day)) as weeks,
    from published
    group by store_id, metric
),

final as (
    select
        published.store_id,
        published.metric,
        avg(published.value) as value,
        spans.day,
        cast(spans.weeks as bigint) as weeks,
    from published
    inner join spans
        on
            published.store_id = spans.store_id
            and published.metric = spans.metric
            and published.day = spans.day
    group by published.store_id, published.metric, spans.day, spans.weeks
)

select * from final
order by store_id, metric
