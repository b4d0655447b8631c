-- purpose: every move of a shelf price by 3% or more, up or down
-- grain: store_id, sku, direction, day
-- inputs: shelf_changes
-- params: none
-- outputs:
--   store_id varchar, the store
--   sku varchar, the product
--   direction varchar, rise or fall; a group of stores may have both on one day
--   day date, the day on which the new price was seen first
--   seen_before date, the day on which the old price was seen last
-- source: METHODS 2 "Who moves first"
with rises as (
    select
        store_id,
        sku,
        'rise' as direction,
        day,
        seen_before,
    from shelf_changes
    where rises > 0
),

falls as (
    select
        store_id,
        sku,
        'fall' as direction,
        day,
        seen_before,
    from shelf_changes
    where falls > 0
),

final as (
    select * from rises
    union all
    select * from falls
)

select * from final
order by store_id, sku, direction, day
