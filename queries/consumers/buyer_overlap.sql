-- purpose: how many buyers each pair of stores shares against chance, most above chance first
-- grain: scope, intersection
-- inputs: overlap
-- params: none
-- outputs:
--   scope varchar, where buyer ids mean the same people
--   intersection varchar, the two stores joined by +
--   buyers bigint, buyers of both, null = not known
--   expected double, how many chance would give
--   lift double, buyers / expected
--   lo double, lower end of its 95% interval
--   hi double, upper end of its 95% interval
--   p_adjusted double, probability of such a lift by chance, adjusted over all pairs
--   share double, buyers of both / buyers of the store that has fewer
--   coverage double, share of orders whose buyer is known, of the store where it is smaller
--   outcome_reason varchar, why something is not known
--   unit varchar, unit of lift, lo and hi
-- source: METHODS 6 "Overlap"
with final as (
    select
        scope,
        stores as intersection,
        buyers,
        expected,
        lift,
        lo,
        hi,
        p_adjusted,
        share,
        coverage,
        outcome_reason,
        'ratio' as unit,
    from overlap
)

select * from final
order by lift desc nulls last, scope asc, intersection asc
