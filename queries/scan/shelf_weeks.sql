-- purpose: shelf prices of each store, product and week as observed; a week is split where a month
--   ends
-- grain: store_id, sku, week_start, month_start
-- inputs: price_snapshots
-- params: first date, last date
-- outputs:
--   store_id varchar, the store
--   sku varchar, the product
--   week_start date, Monday of the week
--   month_start date, first day of the month
--   observations bigint, snapshots
--   listed_observations bigint, snapshots in which the product was on the shelf or nothing is said
--   list_price double, mean list price while listed
--   activity_price double, mean activity price while listed
--   one_piece_price double, mean net price of one piece while listed
--   in_stock_share double, share of snapshots in which it could be bought, null = not known
-- source: METHODS 1-2, DATA price_snapshots
with snapshots as (
    select
        store_id,
        sku,
        cast(observed_at as date) as day,
        coalesce(listed, true) as is_listed,
        list_price,
        activity_price,
        net_price,
        case when in_stock then 1.0 when not in_stock then 0.0 end as in_stock,
    from price_snapshots
    where
        cast(observed_at as date) >= $first
        and cast(observed_at as date) <= $last
),

final as (
    select
        store_id,
        sku,
        cast(date_trunc('week', day) as date) as week_start,
        cast(date_trunc('month', day) as date) as month_start,
        cast(count(*) as bigint) as observations,
        cast(count(case when is_listed then 1 end) as bigint) as listed_observations,
        avg(case when is_listed then cast(list_price as double) end) as list_price,
        avg(case when is_listed then cast(activity_price as double) end) as activity_price,
        avg(case when is_listed then cast(net_price as double) end) as one_piece_price,
        avg(cast(in_stock as double)) as in_stock_share,
    from snapshots
    group by
        store_id,
        sku,
        cast(date_trunc('week', day) as date),
        cast(date_trunc('month', day) as date)
)

select * from final
order by store_id, sku, week_start, month_start
