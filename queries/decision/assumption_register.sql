-- purpose: every assumption about each candidate: its value, its range, whose it is
-- grain: candidate_id, input, store_id
-- inputs: assumptions, recommendation
-- params: none
-- outputs:
--   candidate_id varchar, the candidate
--   place bigint, its place in the register
--   input varchar, the input
--   store_id varchar, the store it is of, null = none
--   value double, the likely value, null = cannot be told
--   low double, the end below
--   high double, the end above
--   unit varchar, the unit
--   origin varchar, measured, nearest, openings, declared or policy
--   source varchar, where the numbers come from, null = not said
--   as_of date, the date of the source
--   owner varchar, who answers for it, null = the data
--   grade varchar, A measured here, B derived from what is measured, C declared
-- source: METHODS 9 "Every assumption with value, source, grade"
with final as (
    select
        assumptions.candidate_id,
        assumptions.position as place,
        assumptions.input,
        assumptions.store_id,
        assumptions.value,
        assumptions.low,
        assumptions.high,
        assumptions.unit,
        assumptions.origin,
        assumptions.source,
        assumptions.as_of,
        assumptions.owner,
        assumptions.grade,
        recommendation.contribution as leaves,
    from assumptions
    inner join recommendation on assumptions.candidate_id = recommendation.candidate_id
)

select * exclude (leaves) from final
order by leaves desc nulls last, candidate_id asc, place asc
