-- purpose: what is to be decided of each candidate, side by side
-- grain: candidate_id
-- inputs: recommendation
-- params: none
-- outputs:
--   candidate_id varchar, the candidate
--   name varchar, its name
--   kind varchar, what it would be to the brand
--   platform varchar, where
--   opens_on date, first day
--   horizon_months bigint, within this time it must pay back
--   recommendation varchar, open, pilot or do_not_open, null = cannot be told
--   reason varchar, what decides it
--   p_payback double, probability to pay back within the horizon
--   p_without_losses double, the same, were nothing taken from own stores
--   open_probability double, from this probability on it is opened
--   pilot_probability double, from this probability on it is tried
--   contribution double, incremental contribution over the horizon, set-up taken off
--   contribution_lo double, lower end of what holds 80 percent of the futures
--   contribution_hi double, upper end
--   sales double, sales over the horizon
--   sales_lo double, lower end
--   sales_hi double, upper end
--   margin double, what a unit of sales leaves before fixed costs
--   diverted double, part of its sales that own stores would have had
--   diverted_lo double, lower end
--   diverted_hi double, upper end
--   losses double, margin lost in own stores over the horizon
--   losses_lo double, lower end
--   losses_hi double, upper end
--   fixed double, costs of a month that do not depend on sales
--   set_up double, paid once
--   deposit double, given back at the end
--   at_risk double, deepest shortfall at the bad end of the 80 percent
--   payback_month bigint, month of payback in the middle future, null = beyond the horizon
--   payback_lo bigint, the same in a good future
--   payback_hi bigint, the same in a bad future
--   break_even_sales double, sales of a month with which it adds nothing, null = none is enough
--   break_even_diversion double, part of its sales from own stores with which it adds nothing
--   needed_margin double, where no costs are known, the margin with which it adds nothing
--   best_position varchar, the position that leaves most
--   outcome_reason varchar, why it cannot be told
-- source: METHODS 9, REPORT 4
with final as (
    select
        candidate_id,
        name,
        kind,
        platform,
        opens_on,
        horizon_months,
        recommendation,
        reason,
        p_payback,
        p_without_losses,
        open_probability,
        pilot_probability,
        contribution,
        contribution_lo,
        contribution_hi,
        sales,
        sales_lo,
        sales_hi,
        margin,
        diverted,
        diverted_lo,
        diverted_hi,
        losses,
        losses_lo,
        losses_hi,
        fixed,
        set_up,
        deposit,
        at_risk,
        payback_month,
        payback_lo,
        payback_hi,
        break_even_sales,
        break_even_diversion,
        needed_margin,
        position as best_position,
        outcome_reason,
    from recommendation
)

select * from final
order by
    coalesce(position(left(recommendation, 1) in 'opd'), 0) = 0 asc,
    position(left(recommendation, 1) in 'opd') asc,
    p_payback desc nulls last,
    candidate_id asc
