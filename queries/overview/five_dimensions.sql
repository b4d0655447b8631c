-- purpose: the shown metrics of every store beside the reference's: the five-dimension matrix
-- grain: store_id, metric
-- inputs: metrics, differences, metric_registry, scope_stores
-- params: reference varchar
-- outputs:
--   store_id varchar, the store
--   dimension varchar, the dimension
--   metric varchar, metric id
--   unit varchar, its unit
--   better varchar, favourable direction
--   value double, its value, null = not known
--   lo double, lower end of the 95% interval
--   hi double, upper end of the 95% interval
--   n bigint, how many cases it rests on
--   reference_value double, the reference's value
--   outcome varchar, what may be said of the difference, null = the reference, or not compared
--   apart boolean, whether it differs and enough cases say so, null = cannot be told
--   step bigint, size of the difference in deltas: 0 below 1, 1 below 2, 2 below 4, 3 from 4
--   detectable double, smallest difference these data would have found with 80% power
--   outcome_reason varchar, why the value or the difference is not known
-- source: METHODS rule 2, REPORT 3 "Five-dimension profile"
with shown as (
    select
        metrics.*,
        metric_registry.delta,
        metric_registry.relative,
        metric_registry.position as metric_position,
        scope_stores.position as store_position,
    from metrics
    inner join metric_registry on metrics.metric = metric_registry.metric
    inner join scope_stores on metrics.store_id = scope_stores.store_id
    where metric_registry.shown
),

reference_rows as (
    select
        metric,
        value as reference_value,
    from shown
    where store_id = $reference
),

against_reference as (
    select * from differences
    where reference_id = $reference
),

compared as (
    select
        shown.*,
        reference_rows.reference_value,
        abs(shown.value - reference_rows.reference_value)
        / nullif(
            shown.delta
            * case when shown.relative then abs(reference_rows.reference_value) else 1 end,
            0
        ) as deltas,
        against_reference.outcome,
        against_reference.detectable,
        against_reference.outcome_reason as difference_reason,
        -- fewer than 30 cases bear no claim; the products behind an index are not cases
        case
            when against_reference.outcome = 'not_identifiable' then null
            when shown.unit = 'index' or against_reference.n >= 30
                then against_reference.outcome = 'differs'
        end as apart,
    from shown
    left join reference_rows on shown.metric = reference_rows.metric
    left join against_reference
        on shown.metric = against_reference.metric and shown.store_id = against_reference.store_id
),

final as (
    select
        store_id,
        dimension,
        metric,
        unit,
        better,
        value,
        lo,
        hi,
        n,
        reference_value,
        outcome,
        case when store_id = $reference then false else apart end as apart,
        cast(
            case
                when deltas is null then null
                when deltas < 1 then 0
                when deltas < 2 then 1
                when deltas < 4 then 2
                else 3
            end as bigint
        ) as step,
        detectable,
        coalesce(outcome_reason, difference_reason) as outcome_reason,
        store_position,
        metric_position,
    from compared
)

select * exclude (store_position, metric_position) from final
order by store_position, metric_position
