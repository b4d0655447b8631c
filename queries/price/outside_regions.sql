-- purpose: the regions outside its own to which each store shipped, the largest first
-- grain: store_id, ship_region
-- inputs: regional_orders, scope_stores
-- params: none
-- outputs:
--   store_id varchar, the store
--   ship_region varchar, where the goods went
--   orders bigint, paid orders
--   share double, part of the store's orders known to have gone inside or outside its regions
--   paid_amount decimal(18,4), what consumers paid for them
-- source: DATA order_lines.ship_region
with known as (
    select
        store_id,
        sum(orders) as orders,
    from regional_orders
    where is_outside is not null
    group by store_id
),

outside as (
    select
        store_id,
        ship_region,
        sum(orders) as orders,
        sum(paid_amount) as paid_amount,
    from regional_orders
    where is_outside
    group by store_id, ship_region
),

final as (
    select
        outside.store_id,
        outside.ship_region,
        cast(outside.orders as bigint) as orders,
        cast(outside.orders as double) / nullif(cast(known.orders as double), 0) as share,
        cast(outside.paid_amount as decimal(18, 4)) as paid_amount,
        scope_stores.position,
    from outside
    inner join known on outside.store_id = known.store_id
    inner join scope_stores on outside.store_id = scope_stores.store_id
)

select * exclude (position) from final
order by position asc, orders desc, ship_region asc
