-- purpose: what each store sold of each product in the period, and on the days it is held against
-- grain: store_id, span, sku
-- inputs: sku_discounts, products
-- params: merchant_basis boolean, less_refunds boolean
-- outputs:
--   store_id varchar, the store
--   span varchar, period, or the name of what it is held against
--   sku varchar, the product
--   title varchar, its name
--   units decimal(18,3), pieces sold
--   sales decimal(18,4), sales on the chosen basis
-- source: METHODS 10
with final as (
    select
        cells.store_id,
        cells.span,
        cells.sku,
        min(products.title) as title,
        cast(sum(cells.units) as decimal(18, 3)) as units,
        cast(
            sum(
                cells.paid_amount
                + case when $merchant_basis then coalesce(cells.platform_amount, 0) else 0 end
                - case when $less_refunds then coalesce(cells.refunded_amount, 0) else 0 end
            ) as decimal(18, 4)
        ) as sales,
    from sku_discounts as cells
    left join products on cells.sku = products.sku
    group by cells.store_id, cells.span, cells.sku
)

select * from final
order by store_id, span, sku
