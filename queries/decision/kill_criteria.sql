-- purpose: when to look at each candidate again, and at which figures it is stopped or scaled
-- grain: candidate_id, month, rule, metric
-- inputs: checkpoints, recommendation
-- params: none
-- outputs:
--   candidate_id varchar, the candidate
--   month bigint, months since the opening
--   look_on date, the day
--   rule varchar, stop or scale
--   metric varchar, sales since the opening, or the diverted part of them
--   side varchar, below or above the limit
--   limit_value double, the limit
--   unit varchar, its unit
--   p_payback double, probability to pay back beyond it, null for the diverted part
-- source: METHODS 9 "stop rule, scale rule, dates"
with final as (
    select
        checkpoints.candidate_id,
        checkpoints.month,
        checkpoints.look_on,
        checkpoints.rule,
        checkpoints.metric,
        checkpoints.side,
        checkpoints.limit_value,
        checkpoints.unit,
        checkpoints.p_payback,
        recommendation.contribution as leaves,
    from checkpoints
    inner join recommendation on checkpoints.candidate_id = recommendation.candidate_id
)

select * exclude (leaves) from final
order by leaves desc nulls last, candidate_id asc, month asc, rule desc, metric asc
