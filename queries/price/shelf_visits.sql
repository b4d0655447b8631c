-- purpose: the days of the period on which each store's shelf was looked at
-- grain: store_id, day
-- inputs: shelf_days
-- params: none
-- outputs:
--   store_id varchar, the store
--   day date, the day
-- source: METHODS 2 "Who moves first"
with final as (
    select
        store_id,
        day,
    from shelf_days
    where observations > 0
)

select * from final
order by store_id, day
