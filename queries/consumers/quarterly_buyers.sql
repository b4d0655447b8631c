-- purpose: where the known buyers of each store and quarter come from, and where those of the
--   quarter before went, as shares
-- grain: store_id, quarter_start
-- inputs: scope_stores, buyer_flows
-- params: none
-- outputs:
--   store_id varchar, the store
--   quarter_start date, first day of the quarter
--   buyers bigint, known buyers of the quarter, null = not known
--   new_to_brand double, their first order of all, in any own store of the scope
--   from_other_store double, bought before in another own store of the scope, never here
--   reactivated double, bought here before, not in the quarter before
--   retained double, bought here in the quarter before as well
--   moved double, of the buyers of the quarter before: bought in another own store, not here
--   lost double, of the buyers of the quarter before: bought in no own store
--   coverage double, share of orders whose buyer is known, where it is smallest
--   outcome_reason varchar, why something is not known
-- source: METHODS 6 "new, repeat, retained, reactivated per store and quarter"
with flows as (
    select * from buyer_flows
    where status <> 'unknown'
),

final as (
    select
        flows.store_id,
        flows.quarter_start,
        max(case when flows.status = 'known' then flows.buyers end) as buyers,
        max(case when flows.status = 'new_to_brand' then flows.share end) as new_to_brand,
        max(case when flows.status = 'from_other_store' then flows.share end) as from_other_store,
        max(case when flows.status = 'reactivated' then flows.share end) as reactivated,
        max(case when flows.status = 'retained' then flows.share end) as retained,
        max(case when flows.status = 'moved' then flows.share end) as moved,
        max(case when flows.status = 'lost' then flows.share end) as lost,
        min(flows.coverage) as coverage,
        max(flows.outcome_reason) as outcome_reason,
        max(scope_stores.position) as position,
    from flows
    inner join scope_stores on flows.store_id = scope_stores.store_id
    group by flows.store_id, flows.quarter_start
)

select * exclude (position) from final
order by position, quarter_start
