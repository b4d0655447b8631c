-- purpose: why each store and all of them sold more or less than in the base that matters most
-- grain: store_id, factor
-- inputs: period_bridge, scope_stores
-- params: none
-- outputs:
--   base varchar, aligned, year_before, against or previous: the first that all stores have
--   store_id varchar, a store, or all
--   position bigint, order of the factors
--   factor varchar, what the effect is due to
--   effect decimal(18,2), money; the effects of a store add up to the change of its sales
--   lo double, lower end of the 95% interval
--   hi double, upper end of the 95% interval
--   from_period varchar, first..last day of the base
--   to_period varchar, first..last day of the period
-- source: METHODS 4, METHODS 10
with chosen as (
    select distinct
        base,
        list_position(['aligned', 'year_before', 'against', 'previous'], base) as base_rank,
    from period_bridge
    where from_id = 'all'
    order by base_rank
    limit 1
),

final as (
    select
        period_bridge.base,
        period_bridge.to_id as store_id,
        period_bridge.position,
        period_bridge.factor,
        period_bridge.effect,
        period_bridge.lo,
        period_bridge.hi,
        period_bridge.from_period,
        period_bridge.to_period,
        scope_stores.position as store_position,
    from period_bridge
    inner join chosen on period_bridge.base = chosen.base
    left join scope_stores on period_bridge.to_id = scope_stores.store_id
)

select * exclude (store_position) from final
order by store_id = 'all' desc, store_position asc nulls last, store_id asc, position asc
