-- purpose: what earlier reviews predicted and what came, and what this one predicts
-- grain: made_in, prediction_id
-- inputs: predictions, scope_stores
-- params: none
-- outputs:
--   made_in varchar, the review that made it
--   prediction_id varchar, the prediction
--   store_id varchar, a store, or all
--   metric varchar, what is predicted
--   unit varchar, unit of the metric
--   first_day date, first day of the period it is about
--   last_day date, last day of it
--   low double, lower end of the range
--   likely double, its middle
--   high double, upper end of the range
--   level double, the part that such ranges are to hold
--   actual double, what came
--   outcome varchar, inside, outside, cannot_be_told or not_due
--   outcome_reason varchar, why it cannot be told
-- source: METHODS 10
with final as (
    select
        predictions.made_in,
        predictions.prediction_id,
        predictions.store_id,
        predictions.metric,
        predictions.unit,
        predictions.first as first_day,
        predictions.last as last_day,
        predictions.low,
        predictions.likely,
        predictions.high,
        predictions.level,
        predictions.actual,
        predictions.outcome,
        predictions.outcome_reason,
        scope_stores.position,
    from predictions
    left join scope_stores on predictions.store_id = scope_stores.store_id
)

select * exclude (position) from final
order by
    outcome = 'not_due' asc,
    first_day asc,
    store_id = 'all' desc,
    position asc nulls last,
    store_id asc,
    metric = 'sales' desc,
    metric asc,
    made_in asc,
    prediction_id asc
