-- purpose: the days on which each store's shelf was looked at
-- grain: store_id, day
-- inputs: price_snapshots
-- params: first date, last date
-- outputs:
--   store_id varchar, the store
--   day date, the day
--   observations bigint, snapshots of that day
-- source: METHODS 2 "Who moves first"
with snapshots as (
    select
        store_id,
        cast(observed_at as date) as day,
    from price_snapshots
    where
        cast(observed_at as date) >= $first
        and cast(observed_at as date) <= $last
),

final as (
    select
        store_id,
        day,
        cast(count(*) as bigint) as observations,
    from snapshots
    group by store_id, day
)

select * from final
order by store_id, day
