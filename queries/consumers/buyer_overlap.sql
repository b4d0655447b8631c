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
--   relative double, lift / geometric mean of the lifts of the other pairs of the scope
--   relative_lo double, lower end of its 95% interval
--   relative_hi double, upper end of its 95% interval
--   relative_p_adjusted double, probability of that if all pairs shared alike, adjusted
--   share double, buyers of both / buyers of the store that has fewer
--   coverage double, share of orders whose buyer is known, of the store where it is smaller
--   outcome varchar, what may be said of lift
--   outcome_reason varchar, why something is not known
--   unit varchar, unit of lift, lo and hi
-- source: METHODS 6 "Overlap"
with pairs as (
    select * from overlap
    where size = 2
),

final as (
    select
        scope,
        stores as intersection,
        buyers,
        expected,
        lift,
        lo,
        hi,
        p_adjusted,
        relative,
        relative_lo,
        relative_hi,
        relative_p_adjusted,
        share,
        coverage,
        outcome,
        outcome_reason,
        'ratio' as unit,
    from pairs
)

select * from final
order by lift desc nulls last, scope asc, intersection asc
