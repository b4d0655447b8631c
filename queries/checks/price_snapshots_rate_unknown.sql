-- purpose: shelf prices from before the first rate of their store's currency
-- grain: row_no, column_name
-- inputs: price_snapshots, stores, fx
-- params: currency varchar
-- outputs:
--   row_no bigint, row of the table
--   column_name varchar, column that breaks the rule
--   value varchar, what stands there
--   money decimal(18,4), null: the table has no money
-- table: price_snapshots
-- severity: fatal
-- rule: a day with a rate in fx, or an earlier one
-- advice: add earlier rates to fx
-- source: DATA fx
with snapshots as (
    select * from price_snapshots
),

first_rates as (
    select
        currency,
        min(date) as day,
    from fx
    where rate is not null
    group by currency
),

foreign_shops as (
    select
        stores.store_id,
        first_rates.day,
    from stores
    inner join first_rates on stores.currency = first_rates.currency
    where stores.currency <> $currency
),

final as (
    select
        snapshots._row as row_no,
        'observed_at' as column_name,
        cast(snapshots.observed_at as varchar) as value,
        cast(null as decimal(18, 4)) as money,
    from snapshots
    inner join foreign_shops on snapshots.store_id = foreign_shops.store_id
    where cast(snapshots.observed_at as date) < foreign_shops.day
)

select * from final
order by row_no, column_name
