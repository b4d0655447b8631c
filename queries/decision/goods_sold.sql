-- purpose: what each store sold of each product in the period, and what those goods cost
-- grain: store_id, sku
-- inputs: sku_weeks, products, sku_categories
-- params: none
-- outputs:
--   store_id varchar, the store
--   sku varchar, the product
--   category varchar, its category path
--   top_category varchar, its category on the first level that tells products apart
--   units double, pieces sold
--   paid_amount double, what consumers paid
--   product_cost double, cost of the pieces, null = not known
-- source: METHODS 9
with sold as (
    select
        store_id,
        sku,
        sum(cast(units as double)) as units,
        sum(cast(paid_amount as double)) as paid_amount,
    from sku_weeks
    group by store_id, sku
),

final as (
    select
        sold.store_id,
        sold.sku,
        products.category,
        sku_categories.category as top_category,
        sold.units,
        sold.paid_amount,
        sold.units * cast(products.unit_cost as double) as product_cost,
    from sold
    left join products on sold.sku = products.sku
    left join sku_categories on sold.sku = sku_categories.sku
)

select * from final
order by store_id, sku
