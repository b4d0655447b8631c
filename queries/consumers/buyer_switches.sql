-- purpose: where the next orders of a store's buyers are made: at the same store, or, of those who
--   leave, at which other one; the stores of one buyer-id scope stand together
-- grain: scope, from_store, to_store
-- inputs: switching, claimed_pairs
-- params: none
-- outputs:
--   scope varchar, where buyer ids mean the same people
--   from_store varchar, store of the order before
--   to_store varchar, store of the next order; the same store: loyalty, another one: exchange
--   orders bigint, such orders, null = not known
--   switches bigint, all next orders; between two stores, those made elsewhere
--   share double, orders / switches
--   chance double, the share that chance would give
--   lift double, share / chance
--   lo double, lower end of its 95% interval
--   hi double, upper end of its 95% interval
--   p_adjusted double, probability of such a lift by chance, adjusted over all of its kind
--   outcome varchar, what may be said of the lift
--   outcome_reason varchar, why nothing is told
--   is_shown boolean, whether a matrix has room for both stores
--   unit varchar, unit of lo and hi
-- source: METHODS 6 "Loyalty" and "exchange"
with placed as (
    select
        switching.scope,
        switching.from_store,
        switching.to_store,
        switching.orders,
        switching.switches,
        switching.share,
        switching.chance,
        switching.lift,
        switching.lo,
        switching.hi,
        switching.p_adjusted,
        switching.outcome,
        switching.outcome_reason,
        origins.is_shown and targets.is_shown as is_shown,
        origins.position as from_position,
        targets.position as to_position,
    from switching
    inner join claimed_pairs as origins on switching.from_store = origins.store_id
    inner join claimed_pairs as targets on switching.to_store = targets.store_id
),

final as (
    select
        *,
        'ratio' as unit,
        min(from_position) over (partition by scope) as scope_position,
        bool_or(lift is not null) over (partition by scope) as is_told,
    from placed
    qualify is_told
)

select * exclude (from_position, to_position, scope_position, is_told) from final
order by scope_position, scope, from_position, to_position
