-- purpose: from when to when prices of a store are known, by its orders or by its shelf
-- grain: store_id
-- inputs: order_lines, price_snapshots
-- params: none
-- outputs:
--   store_id varchar, the store
--   first_day date, the first day on which an order or the shelf showed a list price
--   last_day date, the last one
-- source: METHODS 3
with seen as (
    select
        store_id,
        ordered_at as seen_at,
    from order_lines
    where not coalesce(is_excluded, false) and list_price is not null
    union all
    select
        store_id,
        observed_at as seen_at,
    from price_snapshots
    where list_price is not null
),

final as (
    select
        store_id,
        cast(min(seen_at) as date) as first_day,
        cast(max(seen_at) as date) as last_day,
    from seen
    group by store_id
)

select * from final
order by store_id
