-- purpose: what would have to be known for another recommendation
-- grain: candidate_id, input, store_id, side
-- inputs: changes
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
        candidate_id,
        rank,
        split_part(input, ':', 1) as input,
        nullif(split_part(input, ':', 2), '') as store_id,
        unit,
        side,
        "limit" as limit_value,
        p_payback,
        recommendation,
    from changes
)

select * from final
order by candidate_id, rank
