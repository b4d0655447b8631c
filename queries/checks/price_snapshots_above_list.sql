-- purpose: shelf prices above the list price
-- grain: row_no, column_name
-- inputs: price_snapshots
-- params: none
-- outputs:
--   row_no bigint, row of the table
--   column_name varchar, column that breaks the rule
--   value varchar, what stands there
--   money decimal(18,4), null: the table has no money
-- table: price_snapshots
-- severity: warn
-- rule: at most list_price
-- advice: check which price is struck through
-- source: DATA price_snapshots
with snapshots as (
    select * from price_snapshots
),

final as (
    select
        _row as row_no,
        'activity_price' as column_name,
        concat(activity_price, ' of ', list_price) as value,
        cast(null as decimal(18, 4)) as money,
    from snapshots
    where activity_price > list_price
    union all
    select
        _row as row_no,
        'net_price' as column_name,
        concat(net_price, ' of ', list_price) as value,
        cast(null as decimal(18, 4)) as money,
    from snapshots
    where net_price > list_price
)

select * from final
order by row_no, column_name
