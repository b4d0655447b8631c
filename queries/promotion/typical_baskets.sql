-- purpose: each store's median basket: its median piece (half the pieces it sold have a lower list
--   price) in as many pieces as its orders hold on average
-- grain: store_id
-- inputs: sku_weeks, store_days, scope_stores
-- params: first date, last date
-- outputs:
--   store_id varchar, the store
--   sku varchar, its median piece
--   pieces bigint, pieces per order, rounded, at least 1; 1 without orders
-- source: METHODS 3
with sold as (
    select
        store_id,
        sku,
        sum(cast(units as double)) as units,
        sum(cast(list_amount as double)) as list_amount,
    from sku_weeks
    group by store_id, sku
    having sum(units) > 0
),

ranked as (
    select
        *,
        sum(units) over (
            partition by store_id order by list_amount / nullif(units, 0), sku
            rows between unbounded preceding and current row
        ) as units_up_to,
        sum(units) over (partition by store_id) as all_units,
    from sold
),

median_piece as (
    select
        store_id,
        sku,
    from ranked
    where 2 * units_up_to >= all_units
    qualify row_number() over (partition by store_id order by units_up_to, sku) = 1
),

order_sizes as (
    select
        store_id,
        sum(cast(units as double)) / nullif(sum(orders), 0) as pieces,
    from store_days
    where day >= $first and day <= $last
    group by store_id
),

final as (
    select
        median_piece.store_id,
        median_piece.sku,
        cast(greatest(round(order_sizes.pieces), 1) as bigint) as pieces,
    from median_piece
    inner join scope_stores on median_piece.store_id = scope_stores.store_id
    left join order_sizes on median_piece.store_id = order_sizes.store_id
)

select * from final
order by store_id
