-- purpose: where each store lies on a flat map of the mean distances
-- grain: store_id
-- inputs: store_map, scope_stores
-- params: none
-- outputs:
--   store_id varchar, the store
--   x double, across; a direction means nothing
--   y double, up; a direction means nothing
--   stress double, how far the flat map bends the distances, the same in all rows
-- source: METHODS 7 "Store map"
with final as (
    select
        store_map.store_id,
        store_map.x,
        store_map.y,
        store_map.stress,
        scope_stores.position,
    from store_map
    inner join scope_stores on store_map.store_id = scope_stores.store_id
)

select * exclude (position) from final
order by position
