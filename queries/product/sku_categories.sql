-- purpose: the top-level category of every product. A root that all products share tells nothing
--   apart, so the top is the first level of the path on which products differ
-- grain: sku
-- inputs: products
-- params: none
-- outputs:
--   sku varchar, the product
--   category varchar, its category on that level; a shorter path counts whole
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

final as (
    select
        products.sku,
        coalesce(
            nullif(split_part(products.category, ' > ', top_level.level), ''), products.category
        ) as category,
    from products
    cross join top_level
)

select * from final
order by sku
