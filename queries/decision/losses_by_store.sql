-- purpose: what each own store would lose to each candidate, as part of the candidate's sales
-- grain: candidate_id, store_id
-- inputs: own_losses, recommendation, scope_stores
-- params: none
-- outputs:
--   candidate_id varchar, the candidate
--   store_id varchar, the store that loses
--   share double, part of the candidate's sales that it would have had
--   share_lo double, lower end of what holds 80 percent of the futures
--   share_hi double, upper end
--   product_overlap double, part of the candidate's sales in goods that it sells too
--   price_overlap double, 1 = the same price level, 0 = so far apart that buyers do not compare
--   buyers_overlap double, part of the candidate's buyers that it can reach
--   overlap double, all three together
--   margin double, what a unit of its sales leaves, null = not known
--   loss double, margin lost over the horizon, null = not known
--   origin varchar, openings where a past one tells it, else declared
--   outcome_reason varchar, why the loss is not known
-- source: METHODS 9
with final as (
    select
        own_losses.candidate_id,
        own_losses.store_id,
        own_losses.share,
        own_losses.lo as share_lo,
        own_losses.hi as share_hi,
        own_losses.product_overlap,
        own_losses.price_overlap,
        own_losses.buyers_overlap,
        own_losses.overlap,
        own_losses.margin,
        own_losses.loss,
        own_losses.source as origin,
        own_losses.outcome_reason,
        scope_stores.position,
        recommendation.contribution as leaves,
    from own_losses
    inner join scope_stores on own_losses.store_id = scope_stores.store_id
    inner join recommendation on own_losses.candidate_id = recommendation.candidate_id
)

select * exclude (position, leaves) from final
order by leaves desc nulls last, candidate_id asc, position asc
