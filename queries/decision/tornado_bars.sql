-- purpose: the inputs of each candidate that move its contribution most, each alone at both ends
-- grain: candidate_id, input, store_id
-- inputs: tornado, recommendation
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
        tornado.candidate_id,
        tornado.rank,
        split_part(tornado.input, ':', 1) as input,
        nullif(split_part(tornado.input, ':', 2), '') as store_id,
        tornado.unit,
        tornado.likely,
        tornado.low,
        tornado.high,
        tornado.base,
        tornado.at_low,
        tornado.at_high,
        recommendation.contribution as leaves,
    from tornado
    inner join recommendation on tornado.candidate_id = recommendation.candidate_id
    where tornado.rank <= 10 and tornado.swing > 0
)

select * exclude (leaves) from final
order by leaves desc nulls last, candidate_id asc, rank asc
