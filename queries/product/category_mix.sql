-- purpose: sales of each store by top-level category; the largest category over all stores first
-- grain: store_id, category
-- inputs: scope_stores, sku_weeks, products
-- params: none
-- outputs:
--   store_id varchar, the store
--   category varchar, top-level category
--   sales decimal(18,4), paid amount on the chosen basis
--   share double, part of the store's sales
-- source: METHODS 1
with top_level as (
    -- A root that all products share tells nothing apart: the top is the first level that does.
    select
        case
            when count(distinct split_part(category, ' > ', 1)) > 1 then 1
            when count(distinct split_part(category, ' > ', 2)) > 1 then 2
            else 3
        end as level,
    from products
),

categories as (
    select
        products.sku,
        coalesce(
            nullif(split_part(products.category, ' > ', top_level.level), ''), products.category
        ) as category,
    from products
    cross join top_level
),

sold as (
    select
        sku_weeks.store_id,
        categories.category,
        sum(sku_weeks.sales) as sales,
    from sku_weeks
    left join categories on sku_weeks.sku = categories.sku
    group by sku_weeks.store_id, categories.category
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
