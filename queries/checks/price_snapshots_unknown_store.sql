-- purpose: rows of price_snapshots whose store_id is not in stores
-- grain: row_no, column_name
-- inputs: price_snapshots, stores
-- params: none
-- outputs:
--   row_no bigint, row of the table
--   column_name varchar, column that breaks the rule
--   value varchar, what stands there
--   money decimal(18,4), null: the table has no money
-- table: price_snapshots
-- severity: fatal
-- rule: a store_id that stores has
-- advice: add the store to stores, or correct the id
-- source: DATA price_snapshots.store_id
with snapshots as (
    select * from price_snapshots
),

shops as (
    select * from stores
),

final as (
    select
        snapshots._row as row_no,
        'store_id' as column_name,
        snapshots.store_id as value,
        cast(null as decimal(18, 4)) as money,
    from snapshots
    left join shops on snapshots.store_id = shops.store_id
    where shops.store_id is null and snapshots.store_id is not null
)

select * from final
order by row_no, column_name
