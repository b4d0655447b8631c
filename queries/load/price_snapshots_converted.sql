-- purpose: shelf prices in the currency of the workspace
-- grain: store_id, sku, observed_at
-- inputs: price_snapshots, stores, fx_by_day
-- params: none
-- outputs:
--   store_id varchar, store
--   sku varchar, product
--   observed_at timestamp, time of observation
--   list_price decimal(18,4), struck-through price
--   activity_price decimal(18,4), price after item-level activity
--   net_price decimal(18,4), one piece, no special eligibility
--   in_stock boolean, can be bought
--   listed boolean, is on the shelf
--   _row bigint, row number in the source
-- source: DATA stores.currency, fx
with snapshots as (
    select * from price_snapshots
),

rates as (
    select * from fx_by_day
),

priced as (
    select
        snapshots.*,
        coalesce(rates.rate, 1) as rate,
    from snapshots
    left join stores on snapshots.store_id = stores.store_id
    left join rates
        on stores.currency = rates.currency and cast(snapshots.observed_at as date) = rates.day
),

final as (
    select
        store_id,
        sku,
        observed_at,
        cast(list_price * rate as decimal(18, 4)) as list_price,
        cast(activity_price * rate as decimal(18, 4)) as activity_price,
        cast(net_price * rate as decimal(18, 4)) as net_price,
        in_stock,
        listed,
        _row,
    from priced
)

select * from final
order by _row
