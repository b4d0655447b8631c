-- purpose: what passed both floors of a rule, by what it is worth
-- grain: rank
-- inputs: exceptions
-- params: none
-- outputs:
--   rank bigint, 1 first
--   rule varchar, the rule
--   store_id varchar, the store
--   sku varchar, the product, null = the whole store
--   title varchar, its title
--   metric varchar, what moved
--   base varchar, what it is held against
--   unit varchar, unit of the metric
--   actual double, in the period
--   baseline double, what it is held against
--   change double, actual - baseline
--   relative double, change / baseline
--   floor_relative double, from this relative change on the rule holds
--   floor_absolute double, and from this change on
--   amount double, what the change is worth in sales of the period
--   outcome varchar, what may be said of the change
--   seen_before boolean, in the last review as well
-- source: METHODS 10
with final as (
    select
        rank,
        rule,
        store_id,
        sku,
        title,
        metric,
        base,
        unit,
        actual,
        baseline,
        change,
        relative,
        floor_relative,
        floor_absolute,
        amount,
        outcome,
        seen_before,
    from exceptions
)

select * from final
order by rank
