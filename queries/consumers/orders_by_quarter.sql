-- purpose: orders and sales of each quarter and store, and how many orders name their buyer
-- grain: circle, quarter, bit
-- inputs: buyer_quarters
-- params: none
-- outputs:
--   circle bigint, stores whose buyer ids mean the same people
--   quarter bigint, 4 x year + quarter from 1 to 4
--   bit bigint, the store, or all stores without a bit of their own
--   orders bigint, paid orders
--   known_orders bigint, the part of them whose buyer is known
--   sales decimal(18,4), paid amount on the chosen basis
-- source: METHODS 6 "id coverage"
with patterns as (
    select * from buyer_quarters
),

final as (
    select
        circle,
        quarter,
        bit,
        cast(sum(orders) as bigint) as orders,
        cast(sum(known_orders) as bigint) as known_orders,
        cast(sum(sales) as decimal(18, 4)) as sales,
    from patterns
    group by circle, quarter, bit
)

select * from final
order by circle, quarter, bit
