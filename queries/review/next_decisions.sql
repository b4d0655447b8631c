-- purpose: what this review proposes to decide, the nearest day to look again first
-- grain: decision_id
-- inputs: decisions
-- params: none
-- outputs:
--   decision_id varchar, the decision
--   rule varchar, why it is proposed, null = people wrote it
--   what varchar, in people's words
--   owner varchar, whose it is
--   store_id varchar, the store it is about
--   sku varchar, the product it is about, null = the whole store
--   metric varchar, what it is held to
--   side varchar, at_least or at_most
--   threshold double, in the unit of the row
--   unit varchar, unit of the threshold
--   look_on date, the day on which it falls due
-- source: METHODS 10
with final as (
    select
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
    from decisions
    where outcome = 'proposed'
)

select * from final
order by look_on, decision_id
