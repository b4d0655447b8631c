-- purpose: five numbers that say what each store is for, with their difference to the reference
-- grain: store_id, metric
-- inputs: metrics, differences, scope_stores
-- params: reference varchar
-- outputs:
--   store_id varchar, the store
--   metric varchar, metric id
--   unit varchar, its unit
--   better varchar, favourable direction
--   value double, its value, null = not known
--   reference_value double, the reference's value
--   change double, value minus reference; for money a share of the reference; null = not known
--   outcome varchar, what may be said of the difference, null = the reference, or not compared
--   n bigint, how many cases the difference rests on, null = not known
--   rank bigint, 1 = highest value among the compared stores
--   outcome_reason varchar, why the value is not known
-- source: REPORT 4 "Store cards"
with carded as (
    select
        metrics.*,
        scope_stores.position as store_position,
        case metrics.metric
            when 'sales' then 1
            when 'price_level' then 2
            when 'depth' then 3
            when 'conversion' then 4
            when 'rating_service' then 5
        end as metric_position,
    from metrics
    inner join scope_stores on metrics.store_id = scope_stores.store_id
    where metrics.metric in ('sales', 'price_level', 'depth', 'conversion', 'rating_service')
),

reference_rows as (
    select
        metric,
        value as reference_value,
    from carded
    where store_id = $reference
),

against_reference as (
    select * from differences
    where reference_id = $reference
),

final as (
    select
        carded.store_id,
        carded.metric,
        carded.unit,
        carded.better,
        carded.value,
        reference_rows.reference_value,
        case
            when carded.unit = 'money'
                then carded.value / nullif(reference_rows.reference_value, 0) - 1
            else carded.value - reference_rows.reference_value
        end as change,
        against_reference.outcome,
        against_reference.n,
        case
            when carded.value is not null
                then
                    cast(
                        rank() over (
                            partition by carded.metric order by carded.value desc nulls last
                        ) as bigint
                    )
        end as rank,
        carded.outcome_reason,
        carded.store_position,
        carded.metric_position,
    from carded
    left join reference_rows on carded.metric = reference_rows.metric
    left join against_reference
        on carded.metric = against_reference.metric and carded.store_id = against_reference.store_id
)

select * exclude (store_position, metric_position) from final
order by store_position, metric_position
