-- purpose: known buyers of the period by the stores they bought in and those of the year before
-- grain: circle, buyer_group, bought, bought_before
-- inputs: buyer_patterns
-- params: none
-- outputs:
--   circle bigint, stores whose buyer ids mean the same people
--   buyer_group varchar, one of 64 groups of buyers
--   bought bigint, bits of the stores bought in
--   bought_before bigint, the same of the 365 days before; 0 = none
--   buyers bigint, buyers
-- source: METHODS 6 "first or repeat"
with patterns as (
    select * from buyer_patterns
),

final as (
    select
        circle,
        buyer_group,
        bought,
        bought_before,
        cast(sum(buyers) as bigint) as buyers,
    from patterns
    group by circle, buyer_group, bought, bought_before
)

select * from final
order by circle, buyer_group, bought, bought_before
