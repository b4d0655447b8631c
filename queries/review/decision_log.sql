-- purpose: what earlier reviews decided and `decide` set as thresholds, and what came of each
-- grain: origin, made_in, decision_id
-- inputs: decisions
-- params: none
-- outputs:
--   origin varchar, review or decide
--   made_in varchar, the review that holds it
--   decision_id varchar, the decision
--   rule varchar, why it was proposed, null = people wrote it
--   what varchar, in people's words
--   owner varchar, whose it is
--   store_id varchar, the store it is about
--   sku varchar, the product it is about, null = the whole store
--   metric varchar, what it is held to
--   side varchar, at_least or at_most
--   threshold double, in the unit of the row
--   unit varchar, unit of threshold and actual
--   look_on date, the day on which it falls due
--   actual double, the metric in the period that holds this day
--   outcome varchar, kept, missed, met, not_met, cannot_be_told or not_due
--   outcome_reason varchar, why it cannot be told
-- source: METHODS 10
with final as (
    select
        origin,
        made_in,
        decision_id,
        rule,
        what,
        owner,
        store_id,
        sku,
        metric,
        side,
        threshold,
        unit,
        look_on,
        actual,
        outcome,
        outcome_reason,
        list_position(
            ['missed', 'met', 'kept', 'not_met', 'cannot_be_told', 'not_due'], outcome
        ) as position,
    from decisions
    where outcome <> 'proposed'
)

select * exclude (position) from final
order by position asc, look_on desc, origin desc, made_in asc, decision_id asc
