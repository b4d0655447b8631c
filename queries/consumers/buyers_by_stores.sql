-- purpose: known buyers of the period by the stores they bought in and by how often
-- grain: scope, buyer_group, stores, orders
-- inputs: buyer_patterns
-- params: none
-- outputs:
--   scope varchar, where buyer ids mean the same people
--   buyer_group varchar, one of 64 groups of buyers
--   stores varchar, stores bought in: joined names as in buyer_patterns
--   orders bigint, orders of the buyer in the scope
--   buyers bigint, buyers
-- source: METHODS 6 "Overlap"
with patterns as (
    select * from buyer_patterns
),

final as (
    select
        scope,
        buyer_group,
        stores,
        orders,
        cast(sum(buyers) as bigint) as buyers,
    from patterns
    group by scope, buyer_group, stores, orders
)

select * from final
order by scope, buyer_group, stores, orders
