-- purpose: what consumers paid in each store in the period, by category and by the unit in which
--   the content of a pack is known
-- grain: store_id, category, unit
-- inputs: sku_weeks, sku_categories, content_products
-- params: none
-- outputs:
--   store_id varchar, the store
--   category varchar, top-level category, null = not known
--   unit varchar, unit of the content of a pack, null = not known
--   paid double, what consumers paid
-- source: METHODS 2 "A link needs"
with sold as (
    select
        sku_weeks.store_id,
        sku_categories.category,
        content_products.unit,
        sku_weeks.paid_amount,
    from sku_weeks
    left join sku_categories on sku_weeks.sku = sku_categories.sku
    left join content_products on sku_weeks.sku = content_products.sku
),

final as (
    select
        store_id,
        category,
        unit,
        sum(cast(paid_amount as double)) as paid,
    from sold
    group by store_id, category, unit
)

select * from final
order by store_id, category, unit
