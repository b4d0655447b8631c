-- purpose: sales of each store by category, price tier and group of buyers
-- grain: store_id, category, tier, buyer_group
-- inputs: sku_groups, sku_tiers
-- params: none
-- outputs:
--   store_id varchar, the store
--   category varchar, top-level category
--   tier varchar, entry, middle or premium; all = the category has no tiers
--   buyer_group varchar, one of 64 groups of buyers
--   sales double, paid amount on the chosen basis; a product refunded beyond it counts as none
--   units double, pieces sold
-- source: METHODS 2, rule 5
with final as (
    select
        sku_groups.store_id,
        sku_tiers.category,
        sku_tiers.tier,
        sku_groups.buyer_group,
        sum(cast(greatest(sku_groups.sales, 0) as double)) as sales,
        sum(cast(sku_groups.units as double)) as units,
    from sku_groups
    inner join sku_tiers on sku_groups.sku = sku_tiers.sku
    group by
        sku_groups.store_id, sku_tiers.category, sku_tiers.tier, sku_groups.buyer_group
)

select * from final
order by store_id, category, tier, buyer_group
