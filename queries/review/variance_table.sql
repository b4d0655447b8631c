-- purpose: every metric of every store and of all stores against what it is held against
-- grain: metric, store_id, base
-- inputs: variance, scope_stores
-- params: none
-- outputs:
--   metric varchar, the metric
--   store_id varchar, a store, all, or like_for_like: those that traded throughout
--   stores varchar, which stores a total holds, joined by +
--   base varchar, previous, year_before, aligned, against or plan
--   unit varchar, unit of the metric
--   better varchar, higher, lower or neither
--   actual double, in the period
--   baseline double, what it is held against
--   change double, actual - baseline
--   lo double, lower end of the 95% interval of the change
--   hi double, upper end of the 95% interval of the change
--   relative double, change / baseline
--   relative_lo double, lower end of the 95% interval of the relative change
--   relative_hi double, upper end of the 95% interval of the relative change
--   p_adjusted double, adjusted for how many are tested
--   outcome varchar, what may be said
--   outcome_reason varchar, why nothing may be said
--   status varchar, traded, opened, closed, no_data, late or partial
--   days bigint, days with orders
--   last_day date, the last of them in the period
--   immature double, part of paid sales whose refunds are still coming in
--   developed double, sales with these refunds expected
--   is_leading boolean, the base that matters most of those known of all stores
-- source: METHODS 10
with ranked as (
    select
        variance.*,
        list_position(
            ['sales', 'orders', 'visitor_days', 'conversion', 'order_value', 'refund_share'],
            variance.metric
        ) as metric_rank,
        list_position(
            ['previous', 'year_before', 'aligned', 'against', 'plan'], variance.base
        ) as base_rank,
        list_position(['like_for_like', 'all'], variance.store_id) as total_rank,
        scope_stores.position,
    from variance
    left join scope_stores on variance.store_id = scope_stores.store_id
),

chosen as (
    select base
    from variance
    where store_id = 'all' and metric = 'sales' and base <> 'plan' and relative is not null
    order by list_position(['aligned', 'year_before', 'against', 'previous'], base)
    limit 1
),

final as (
    select
        ranked.metric,
        ranked.store_id,
        ranked.stores,
        ranked.base,
        ranked.unit,
        ranked.better,
        ranked.actual,
        ranked.baseline,
        ranked.change,
        ranked.lo,
        ranked.hi,
        ranked.relative,
        ranked.relative_lo,
        ranked.relative_hi,
        ranked.p_adjusted,
        ranked.outcome,
        ranked.outcome_reason,
        ranked.status,
        ranked.days,
        ranked.last_day,
        ranked.immature,
        ranked.developed,
        chosen.base is not null as is_leading,
        ranked.metric_rank,
        ranked.base_rank,
        ranked.total_rank,
        ranked.position,
    from ranked
    left join chosen on ranked.base = chosen.base
)

select * exclude (metric_rank, base_rank, total_rank, position) from final
order by
    metric_rank asc,
    total_rank desc nulls last,
    position asc nulls last,
    store_id asc,
    base_rank asc
