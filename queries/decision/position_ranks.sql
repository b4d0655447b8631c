-- purpose: the positions of each candidate that leave most, and the planned one
-- grain: candidate_id, position
-- inputs: positions
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
        candidate_id,
        rank,
        position,
        assortment,
        price_level,
        promotion,
        contribution,
        lo as contribution_lo,
        hi as contribution_hi,
        p_payback,
        sales,
        margin,
        diverted,
        gap as to_best,
        gap_lo as to_best_lo,
        gap_hi as to_best_hi,
        is_as_good,
        is_planned,
    from positions
    where rank <= 12 or (is_planned and rank is not null)
)

select * from final
order by candidate_id, rank
