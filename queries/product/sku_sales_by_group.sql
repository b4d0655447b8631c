-- purpose: units and money of each store and product by group of buyers, with what the mix is
--   judged by: top-level category and whether the product is new
-- grain: store_id, sku, buyer_group
-- inputs: sku_groups, sku_categories, products
-- params: last date
-- outputs:
--   store_id varchar, the store
--   sku varchar, the product
--   buyer_group varchar, one of 64 groups of buyers
--   category varchar, top-level category
--   is_new boolean, launched within 365 days before the period's end, null = date not known
--   units decimal(18,3), pieces sold
--   sales decimal(18,4), paid amount on the chosen basis
--   paid_amount decimal(18,4), what consumers paid
--   full_price_amount decimal(18,4), paid for lines at 90% of list or more
-- source: METHODS 1, rule 5
with final as (
    select
        sku_groups.store_id,
        sku_groups.sku,
        sku_groups.buyer_group,
        sku_categories.category,
        date_diff('day', products.launched_on, $last) between 0 and 364 as is_new,
        sku_groups.units,
        sku_groups.sales,
        sku_groups.paid_amount,
        sku_groups.full_price_amount,
    from sku_groups
    left join sku_categories on sku_groups.sku = sku_categories.sku
    left join products on sku_groups.sku = products.sku
)

select * from final
order by store_id, sku, buyer_group
