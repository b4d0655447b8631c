-- purpose: the products each store showed on its shelf in the period
-- grain: store_id, sku
-- inputs: shelf_weeks
-- params: none
-- outputs:
--   store_id varchar, the store
--   sku varchar, the product
--   listed_observations bigint, snapshots in which it was on the shelf
-- source: METHODS 1
with shelf as (
    select * from shelf_weeks
),

final as (
    select
        store_id,
        sku,
        cast(sum(listed_observations) as bigint) as listed_observations,
    from shelf
    where listed_observations > 0
    group by store_id, sku
)

select * from final
order by store_id, sku
