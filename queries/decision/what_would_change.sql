-- purpose: what would have to be known for another recommendation
-- grain: candidate_id, input, store_id, side
-- inputs: changes, recommendation
-- params: none
-- outputs:
--   candidate_id varchar, the candidate
--   rank bigint, 1 changes most
--   input varchar, the input
--   store_id varchar, the store it is of, null = none
--   unit varchar, unit of the input
--   side varchar, below or above
--   limit_value double, the limit
--   p_payback double, probability to pay back beyond it
--   recommendation varchar, what it would be then
-- source: METHODS 9
with final as (
    select
        changes.candidate_id,
        changes.rank,
        split_part(changes.input, ':', 1) as input,
        nullif(split_part(changes.input, ':', 2), '') as store_id,
        changes.unit,
        changes.side,
        changes.limit_value,
        changes.p_payback,
        changes.recommendation,
        recommendation.contribution as leaves,
    from changes
    inner join recommendation on changes.candidate_id = recommendation.candidate_id
)

select * exclude (leaves) from final
order by leaves desc nulls last, candidate_id asc, rank asc
