-- purpose: known buyers of the period by the stores they bought in and those of the year before
-- grain: scope, buyer_group, stores, stores_before
-- inputs: buyer_patterns
-- params: none
-- outputs:
--   scope varchar, where buyer ids mean the same people
--   buyer_group varchar, one of 64 groups of buyers
--   stores varchar, stores bought in: joined names as in buyer_patterns
--   stores_before varchar, stores bought in within the 365 days before, empty = none
--   buyers bigint, buyers
-- source: METHODS 6 "first or repeat"
with patterns as (
    select * from buyer_patterns
),

final as (
    select
        scope,
        buyer_group,
        stores,
        stores_before,
        cast(sum(buyers) as bigint) as buyers,
    from patterns
    group by scope, buyer_group, stores, stores_before
)

select * from final
order by scope, buyer_group, stores, stores_before
