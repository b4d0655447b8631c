-- purpose: known buyers of the period by the stores they bought in and by how often
-- grain: circle, buyer_group, bought, orders
-- inputs: buyer_patterns
-- params: none
-- outputs:
--   circle bigint, stores whose buyer ids mean the same people
--   buyer_group varchar, one of 64 groups of buyers
--   bought bigint, bits of the stores bought in
--   orders bigint, orders of the buyer in the scope
--   buyers bigint, buyers
-- source: METHODS 6 "Overlap"
with patterns as (
    select * from buyer_patterns
),

final as (
    select
        circle,
        buyer_group,
        bought,
        orders,
        cast(sum(buyers) as bigint) as buyers,
    from patterns
    group by circle, buyer_group, bought, orders
)

select * from final
order by circle, buyer_group, bought, orders
