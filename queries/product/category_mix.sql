-- purpose: sales of each store by top-level category; the largest category over all stores first
-- grain: store_id, category
-- inputs: scope_stores, sku_weeks, sku_categories
-- params: none
-- outputs:
--   store_id varchar, the store
--   category varchar, top-level category
--   sales decimal(18,4), paid amount on the chosen basis
--   share double, part of the store's sales
-- source: METHODS 1
with sold as (
    select
        sku_weeks.store_id,
        sku_categories.category,
        sum(sku_weeks.sales) as sales,
    from sku_weeks
    left join sku_categories on sku_weeks.sku = sku_categories.sku
    group by sku_weeks.store_id, sku_categories.category
),

shares as (
    select
        store_id,
        category,
        sales,
        cast(sales as double)
        / nullif(cast(sum(sales) over (partition by store_id) as double), 0) as share,
        sum(sales) over (partition by category) as category_sales,
    from sold
),

final as (
    select
        shares.store_id,
        shares.category,
        cast(shares.sales as decimal(18, 4)) as sales,
        shares.share,
        shares.category_sales,
        scope_stores.position,
    from shares
    inner join scope_stores on shares.store_id = scope_stores.store_id
)

select * exclude (category_sales, position) from final
order by position asc, category_sales desc, category asc
