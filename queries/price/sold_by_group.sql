-- purpose: pieces and what was paid of each store and product by group of buyers, so that buyers
--   can be dealt between two stores
-- grain: store_id, sku, buyer_group
-- inputs: sku_groups
-- params: none
-- outputs:
--   store_id varchar, the store
--   sku varchar, the product
--   buyer_group varchar, one of 64 groups of buyers
--   units double, pieces sold
--   paid double, what consumers paid
-- source: METHODS rule 5
with final as (
    select
        store_id,
        sku,
        buyer_group,
        cast(units as double) as units,
        cast(paid_amount as double) as paid,
    from sku_groups
)

select * from final
order by store_id, sku, buyer_group
