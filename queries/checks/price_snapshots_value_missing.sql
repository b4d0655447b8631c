-- purpose: rows of price_snapshots without a value that must be known
-- grain: row_no, column_name
-- inputs: price_snapshots
-- params: none
-- outputs:
--   row_no bigint, row of the table
--   column_name varchar, column that breaks the rule
--   value varchar, what stands there
--   money decimal(18,4), null: the table has no money
-- table: price_snapshots
-- severity: fatal
-- rule: a value in every row
-- advice: fill it in; a row without it cannot be compared
-- source: DATA price_snapshots, required columns
with snapshots as (
    select * from price_snapshots
),

final as (
    select
        _row as row_no,
        'store_id' as column_name,
        cast(null as varchar) as value,
        cast(null as decimal(18, 4)) as money,
    from snapshots
    where store_id is null
    union all
    select
        _row as row_no,
        'sku' as column_name,
        cast(null as varchar) as value,
        cast(null as decimal(18, 4)) as money,
    from snapshots
    where sku is null
    union all
    select
        _row as row_no,
        'observed_at' as column_name,
        cast(null as varchar) as value,
        cast(null as decimal(18, 4)) as money,
    from snapshots
    where observed_at is null
    union all
    select
        _row as row_no,
        'list_price' as column_name,
        cast(null as varchar) as value,
        cast(null as decimal(18, 4)) as money,
    from snapshots
    where list_price is null
)

select * from final
order by row_no, column_name
