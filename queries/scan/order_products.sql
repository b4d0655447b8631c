-- purpose: what was paid for each product in orders of several products. Kept in the engine; no
--   result shows it
-- grain: store_number, order_id, sku_number
-- inputs: order_lines, buyer_orders, store_numbers, sku_categories
-- params: none
-- outputs:
--   store_number smallint, the store, as in store_numbers
--   order_id varchar, the order
--   sku_number bigint, the product, as in sku_categories; 0 = not known
--   paid_amount decimal(18,4), what the consumer paid for it
-- source: METHODS 6 "Need segments" and "exchange"
with orders as (
    select
        store_number,
        order_id,
    from buyer_orders
    where first_sku < last_sku
),

final as (
    select
        orders.store_number,
        orders.order_id,
        coalesce(sku_categories.sku_number, 0) as sku_number,
        cast(sum(order_lines.paid_amount) as decimal(18, 4)) as paid_amount,
    from order_lines
    inner join store_numbers on order_lines.store_id = store_numbers.store_id
    inner join orders
        on
            store_numbers.store_number = orders.store_number
            and order_lines.order_id = orders.order_id
    left join sku_categories on order_lines.sku = sku_categories.sku
    where not coalesce(order_lines.is_excluded, false)
    group by orders.store_number, orders.order_id, coalesce(sku_categories.sku_number, 0)
)

select * from final
order by store_number, order_id, sku_number
