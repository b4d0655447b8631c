-- purpose: every known service level of every store with its interval
-- grain: store_id, metric
-- inputs: metrics, scope_stores, metric_registry
-- params: none
-- outputs:
--   store_id varchar, the store
--   metric varchar, the metric
--   value double, its level
--   lo double, lower end of the 95% interval, null = not known
--   hi double, upper end of the 95% interval, null = not known
--   n bigint, cases counted, null = a published score
--   better varchar, favourable direction
--   unit varchar, unit of value, lo and hi
-- source: METHODS 5
with final as (
    select
        metrics.store_id,
        metrics.metric,
        metrics.value,
        metrics.lo,
        metrics.hi,
        metrics.n,
        metrics.better,
        metrics.unit,
        metric_registry.position as metric_position,
        scope_stores.position,
    from metrics
    inner join scope_stores on metrics.store_id = scope_stores.store_id
    inner join metric_registry
        on
            metric_registry.metric
            = case
                when starts_with(metrics.metric, 'walkthrough_') then 'walkthrough'
                else metrics.metric
            end
    where metrics.dimension = 'service' and metrics.value is not null
)

select * exclude (metric_position, position) from final
order by metric_position, metric, position
