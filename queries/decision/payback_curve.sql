-- purpose: what each candidate has added up to by the end of every month, and how sure payback is
-- grain: candidate_id, month
-- inputs: payback, recommendation
-- params: none
-- outputs:
--   candidate_id varchar, the candidate
--   name varchar, its name
--   month bigint, months since the opening, 0 = the set-up
--   month_start date, first day of the month
--   contribution double, of the month
--   cumulative double, since the decision, set-up taken off
--   cumulative_lo double, lower end of what holds 80 percent of the futures
--   cumulative_hi double, upper end
--   p_payback double, share of the futures that have earned back everything
-- source: METHODS 9
with final as (
    select
        payback.candidate_id,
        recommendation.name,
        payback.month,
        payback.month_start,
        payback.contribution,
        payback.cumulative,
        payback.cumulative_lo,
        payback.cumulative_hi,
        payback.p_payback,
        recommendation.contribution as leaves,
    from payback
    inner join recommendation on payback.candidate_id = recommendation.candidate_id
    where payback.cumulative is not null
)

select * exclude (leaves) from final
order by leaves desc nulls last, candidate_id asc, month asc
