-- purpose: the days on which a store was seen to have moved a product's shelf price by 3% or more
--   since it was last seen; a day counts with the last price seen on it, and two prices meet on one
--   rung: one piece where both days have it, else activity, else list
-- grain: store_id, sku, day
-- inputs: price_snapshots
-- params: history_first date, first date, last date
-- outputs:
--   store_id varchar, the store
--   sku varchar, the product
--   day date, the day on which the new price was seen first
--   seen_before date, the day on which the old price was seen last; it may lie before the period
--   rises bigint, 1 where the price rose by 3% or more; of a group, how many of its stores
--   falls bigint, 1 where it fell by 3% or more
-- source: METHODS 2 "Who moves first"
with snapshots as (
    select
        store_id,
        sku,
        observed_at,
        cast(observed_at as date) as day,
        list_price,
        activity_price,
        net_price,
    from price_snapshots
    where
        coalesce(listed, true)
        and cast(observed_at as date) >= $history_first
        and cast(observed_at as date) <= $last
),

placed as (
    select
        *,
        row_number() over (
            partition by store_id, sku, day order by observed_at desc
        ) as place_from_end,
    from snapshots
),

days as (
    select
        *,
        lag(day) over (partition by store_id, sku order by observed_at) as seen_before,
        lag(list_price) over (partition by store_id, sku order by observed_at) as last_list,
        lag(activity_price) over (
            partition by store_id, sku order by observed_at
        ) as last_activity,
        lag(net_price) over (partition by store_id, sku order by observed_at) as last_net,
    from placed
    where place_from_end = 1
),

prices as (
    select
        store_id,
        sku,
        day,
        seen_before,
        case
            when net_price is not null and last_net is not null then net_price
            when activity_price is not null and last_activity is not null then activity_price
            else list_price
        end as price,
        case
            when net_price is not null and last_net is not null then last_net
            when activity_price is not null and last_activity is not null then last_activity
            else last_list
        end as last_price,
    from days
    where day >= $first
),

moves as (
    select
        *,
        case when 100 * price >= 103 * last_price then 1 else 0 end as rises,
        case when 100 * price <= 97 * last_price then 1 else 0 end as falls,
    from prices
    where last_price > 0
),

final as (
    select
        store_id,
        sku,
        day,
        seen_before,
        cast(rises as bigint) as rises,
        cast(falls as bigint) as falls,
    from moves
    where rises + falls > 0
)

select * from final
order by store_id, sku, day
