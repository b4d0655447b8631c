-- purpose: each store's median basket: its median piece (half the pieces it sold have a lower list
--   price) in as many pieces as its median order holds, of the orders that are looked at one by
--   one; a store that never promotes has none of those, and its orders' mean is taken
-- grain: store_id
-- inputs: sku_weeks, sampled_lines, store_days, scope_stores
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
        order_id,
        sum(pieces) / 1000 as pieces,
    from sampled_lines
    group by store_id, order_id
),

median_sizes as (
    select
        store_id,
        quantile_disc(pieces, 0.5) as pieces,
    from order_sizes
    group by store_id
),

mean_sizes as (
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
        cast(
            greatest(round(coalesce(median_sizes.pieces, mean_sizes.pieces)), 1) as bigint
        ) as pieces,
    from median_piece
    inner join scope_stores on median_piece.store_id = scope_stores.store_id
    left join median_sizes on median_piece.store_id = median_sizes.store_id
    left join mean_sizes on median_piece.store_id = mean_sizes.store_id
)

select * from final
order by store_id
