-- purpose: buyers of each quarter of the period, and of the one before, by where they bought then
--   and before, with what they paid in each store
-- grain: circle, quarter, buyer_group, bought, bought_last, bought_before, first_place, bit
-- inputs: buyer_quarters
-- params: none
-- outputs:
--   circle bigint, stores whose buyer ids mean the same people
--   quarter bigint, 4 x year + quarter from 1 to 4
--   buyer_group varchar, one of 64 groups of buyers
--   bought bigint, bits of the stores bought in
--   bought_last bigint, the same in the quarter before
--   bought_before bigint, the same in all quarters before; 0 = nowhere in the circle
--   first_place bigint, place of the store of their very first day if it lies in this quarter
--   bit bigint, the store of the orders
--   buyers bigint, buyers, the same in each row of the pattern
--   orders bigint, paid orders
--   sales decimal(18,4), paid amount on the chosen basis
-- source: METHODS 6 "new, repeat, retained, reactivated"
with patterns as (
    select * from buyer_quarters
),

final as (
    select
        circle,
        quarter,
        buyer_group,
        bought,
        bought_last,
        bought_before,
        first_place,
        bit,
        buyers,
        orders,
        sales,
    from patterns
    where buyer_group is not null
)

select * from final
order by circle, quarter, buyer_group, bought, bought_last, bought_before, first_place, bit
