-- purpose: the shelf's net price of one piece of each store, product and week
-- grain: store_id, sku, week_start
-- inputs: shelf_weeks
-- params: none
-- outputs:
--   store_id varchar, the store
--   sku varchar, the product
--   week_start date, Monday of the week
--   price double, mean net price of one piece over the snapshots of the week
-- source: METHODS 2 "Rungs"
with priced as (
    select * from shelf_weeks
    where one_piece_price > 0 and listed_observations > 0
),

final as (
    select
        store_id,
        sku,
        week_start,
        sum(one_piece_price * listed_observations) / nullif(sum(listed_observations), 0) as price,
    from priced
    group by store_id, sku, week_start
)

select * from final
order by store_id, sku, week_start
