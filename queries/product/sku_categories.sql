-- purpose: the top-level category of every product. A root that all products share tells nothing
--   apart, so the top is the first level of the path on which products differ
-- grain: sku
-- inputs: products
-- params: none
-- outputs:
--   sku varchar, the product
--   sku_number bigint, 15 digits of the md5 of its name: the same whatever other products there are
--   category varchar, its category on that level; a shorter path counts whole
--   category_number smallint, the place of its category among all by name
-- source: METHODS 1
with top_level as (
    select
        case
            when count(distinct split_part(category, ' > ', 1)) > 1 then 1
            when count(distinct split_part(category, ' > ', 2)) > 1 then 2
            else 3
        end as level,
    from products
),

categorised as (
    select
        products.sku,
        coalesce(
            nullif(split_part(products.category, ' > ', top_level.level), ''), products.category
        ) as category,
    from products
    cross join top_level
),

final as (
    select
        sku,
        cast('0x' || substr(md5(sku), 1, 15) as bigint) as sku_number,
        category,
        cast(dense_rank() over (order by category) as smallint) as category_number,
    from categorised
)

select * from final
order by sku
