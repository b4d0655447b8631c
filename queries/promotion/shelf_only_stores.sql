-- purpose: stores of which the shelf is known and no sale
-- grain: store_id
-- inputs: shelf_weeks, sku_weeks
-- params: none
-- outputs:
--   store_id varchar, the store
-- source: DATA order_lines (stores with snapshots alone)
with final as (
    select distinct shelf_weeks.store_id
    from shelf_weeks
    left join sku_weeks on shelf_weeks.store_id = sku_weeks.store_id
    where sku_weeks.store_id is null
)

select * from final
order by store_id
