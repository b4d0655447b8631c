-- purpose: the inputs of each candidate that move its contribution most, each alone at both ends
-- grain: candidate_id, input, store_id
-- inputs: tornado
-- params: none
-- outputs:
--   candidate_id varchar, the candidate
--   rank bigint, 1 moves it most
--   input varchar, the input
--   store_id varchar, the store it is of, null = none
--   unit varchar, unit of the input
--   likely double, its likely value
--   low double, the end below
--   high double, the end above
--   base double, contribution with everything likely
--   at_low double, contribution with this input at its lower end
--   at_high double, contribution with this input at its upper end
-- source: METHODS 9
with final as (
    select
        candidate_id,
        rank,
        split_part(input, ':', 1) as input,
        nullif(split_part(input, ':', 2), '') as store_id,
        unit,
        likely,
        low,
        high,
        base,
        at_low,
        at_high,
    from tornado
    where rank <= 10 and swing > 0
)

select * from final
order by candidate_id, rank
