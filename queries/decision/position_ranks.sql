-- purpose: the positions of each candidate that leave most, and the planned one
-- grain: candidate_id, position
-- inputs: positions, recommendation
-- params: none
-- outputs:
--   candidate_id varchar, the candidate
--   rank bigint, 1 leaves most
--   position varchar, goods, price level and promotions
--   assortment varchar, which goods
--   price_level double, everyday prices, reference = 100
--   promotion varchar, which promotion plan
--   contribution double, over the horizon
--   contribution_lo double, lower end of what holds 80 percent of the futures
--   contribution_hi double, upper end
--   p_payback double, probability to pay back
--   sales double, over the horizon
--   margin double, what a unit of sales leaves before fixed costs
--   diverted double, part of its sales that own stores would have had
--   to_best double, contribution less that of the best, in the same futures
--   to_best_lo double, lower end
--   to_best_hi double, upper end
--   is_as_good boolean, cannot be told from the best
--   is_planned boolean, the one that the candidate plans
-- source: METHODS 9
with final as (
    select
        positions.candidate_id,
        positions.rank,
        positions.position,
        positions.assortment,
        positions.price_level,
        positions.promotion,
        positions.contribution,
        positions.lo as contribution_lo,
        positions.hi as contribution_hi,
        positions.p_payback,
        positions.sales,
        positions.margin,
        positions.diverted,
        positions.gap as to_best,
        positions.gap_lo as to_best_lo,
        positions.gap_hi as to_best_hi,
        positions.is_as_good,
        positions.is_planned,
        recommendation.contribution as leaves,
    from positions
    inner join recommendation on positions.candidate_id = recommendation.candidate_id
    where positions.rank <= 12 or (positions.is_planned and positions.rank is not null)
)

select * exclude (leaves) from final
order by leaves desc nulls last, candidate_id asc, rank asc
