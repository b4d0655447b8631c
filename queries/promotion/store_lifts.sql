-- purpose: pieces sold in weeks with a promotion beyond that of the whole store, over those of the
--   same products' other weeks, and what it would take to earn as much; none where none is known
-- grain: store_id, mechanism
-- inputs: lift, scope_stores
-- params: none
-- outputs:
--   store_id varchar, the store
--   mechanism varchar, mechanism code
--   times double, the lift: times as many pieces, null = not known
--   lo double, its lower bound
--   hi double, its upper bound
--   break_even double, the lift that earns as much over unit cost, null = not known
--   n bigint, weeks of products under it
--   skus bigint, products that were ever under it
--   earned double, margin over unit cost in promoted weeks, times the usual, null = not known
--   earned_lo double, its lower bound
--   earned_hi double, its upper bound
--   earned_outcome varchar, of earned: differs from 1, same, unclear or not_identifiable
--   elasticity double, percent of pieces per percent of price, null = not known
--   outcome varchar, differs, same, unclear or not_identifiable
--   outcome_reason varchar, why it is not identifiable
-- source: METHODS 3 "Lift"
with final as (
    select
        lift.store_id,
        lift.mechanism,
        lift.lift as times,
        lift.lo,
        lift.hi,
        lift.break_even,
        lift.n,
        lift.skus,
        lift.earned,
        lift.earned_lo,
        lift.earned_hi,
        lift.earned_outcome,
        lift.elasticity,
        lift.outcome,
        lift.outcome_reason,
        scope_stores.position,
    from lift
    inner join scope_stores on lift.store_id = scope_stores.store_id
    qualify count(lift.lift) over () > 0
)

select * exclude (position) from final
order by position, mechanism
