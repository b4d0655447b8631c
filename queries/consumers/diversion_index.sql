-- purpose: how far needs are divided among stores, by set and scope, needs before behaviour
-- grain: segment_set, scope
-- inputs: diversion, declared_sets
-- params: none
-- outputs:
--   segment_set varchar, the set
--   is_need boolean, false = the store itself produces it: behaviour, never need
--   scope varchar, where buyer ids mean the same people; all = every compared store
--   stores bigint, stores that can be told
--   index double, 0 = they serve the same needs, 1 = entirely divided; null = not known
--   lo double, lower end of the 95% interval
--   hi double, upper end of the 95% interval
--   null_mean double, what chance alone would show before it is taken off
--   p_adjusted double, probability of such an index by chance, adjusted over needs or behaviour
--   coverage double, part of the orders that is in a segment, of the store where it is smallest
--   outcome varchar, what may be said of the index
--   outcome_reason varchar, why it is not known
-- source: METHODS 6 "Diversion index"
with final as (
    select
        diversion.segment_set,
        diversion.is_need,
        diversion.scope,
        diversion.stores,
        diversion.index,
        diversion.lo,
        diversion.hi,
        diversion.null_mean,
        diversion.p_adjusted,
        diversion.coverage,
        diversion.outcome,
        diversion.outcome_reason,
        declared_sets.position,
    from diversion
    inner join declared_sets on diversion.segment_set = declared_sets.segment_set
)

select * exclude (position) from final
order by is_need desc, position asc, scope asc
