-- purpose: the shown metrics of every store beside the reference's: the five-dimension matrix
-- grain: store_id, metric
-- inputs: metrics, metric_registry, scope_stores
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
--   apart boolean, whether the two intervals do not meet, null = cannot be told
--   step bigint, size of the difference in deltas: 0 below 1, 1 below 2, 2 below 4, 3 from 4
--   outcome_reason varchar, why the value is not known
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
        n as reference_n,
        -- the reference of an index is 100 by definition and has no interval of its own
        case when unit = 'index' then value else lo end as reference_lo,
        case when unit = 'index' then value else hi end as reference_hi,
    from shown
    where store_id = $reference
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
        -- fewer than 30 cases bear no claim; the products behind an index are not cases
        case
            when shown.unit = 'index' or (shown.n >= 30 and reference_rows.reference_n >= 30)
                then
                    shown.hi < reference_rows.reference_lo
                    or shown.lo > reference_rows.reference_hi
        end as apart,
    from shown
    left join reference_rows on shown.metric = reference_rows.metric
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
        outcome_reason,
        store_position,
        metric_position,
    from compared
)

select * exclude (store_position, metric_position) from final
order by store_position, metric_position
