-- purpose: orders and money of each store by group of buyers and slot of orders: what repeat buyers
--   add to the uncertainty of a ratio
-- grain: store_id, buyer_group, order_slot
-- inputs: order_groups
-- params: none
-- outputs:
--   store_id varchar, the store
--   buyer_group varchar, one of 64 groups of buyers
--   order_slot varchar, one of four slots of orders
--   orders double, paid orders
--   units double, pieces sold
--   sales double, paid amount on the chosen basis
--   mature_paid double, paid 15 days before the data end or earlier, where refunds are known
--   mature_refunded double, money given back of that part
-- source: METHODS rule 5
with final as (
    select
        store_id,
        buyer_group,
        order_slot,
        cast(orders as double) as orders,
        cast(units as double) as units,
        cast(sales as double) as sales,
        cast(mature_paid as double) as mature_paid,
        cast(mature_refunded as double) as mature_refunded,
    from order_groups
)

select * from final
order by store_id, buyer_group, order_slot
