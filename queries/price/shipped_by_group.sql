-- purpose: orders of the stores that declare regions by group of buyers: how many went outside
-- grain: store_id, buyer_group
-- inputs: regional_orders
-- params: none
-- outputs:
--   store_id varchar, the store
--   buyer_group varchar, one of 64 groups of buyers
--   orders double, paid orders
--   placed_orders double, orders whose region is given
--   known_orders double, orders known to have gone inside or outside
--   outside_orders double, orders that went outside the store's regions
-- source: DATA order_lines.ship_region, rule 5
with final as (
    select
        store_id,
        buyer_group,
        sum(cast(orders as double)) as orders,
        coalesce(sum(cast(orders as double)) filter (where ship_region is not null), 0)
            as placed_orders,
        coalesce(sum(cast(orders as double)) filter (where is_outside is not null), 0)
            as known_orders,
        coalesce(sum(cast(orders as double)) filter (where is_outside), 0) as outside_orders,
    from regional_orders
    group by store_id, buyer_group
)

select * from final
order by store_id, buyer_group
