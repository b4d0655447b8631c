-- purpose: orders of each store by group of buyers, and how many of them name their buyer
-- grain: store_id, buyer_group
-- inputs: order_groups
-- params: none
-- outputs:
--   store_id varchar, the store
--   buyer_group varchar, one of 64 groups of buyers
--   orders bigint, orders of the period
--   known_orders bigint, the part of them whose buyer is known
-- source: METHODS 6 "id coverage"
with slots as (
    select * from order_groups
),

final as (
    select
        store_id,
        buyer_group,
        cast(sum(orders) as bigint) as orders,
        cast(sum(known_orders) as bigint) as known_orders,
    from slots
    group by store_id, buyer_group
)

select * from final
order by store_id, buyer_group
