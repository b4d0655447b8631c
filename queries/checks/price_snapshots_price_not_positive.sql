-- purpose: shelf prices of zero or below
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
-- rule: more than 0
-- advice: leave a price blank that was not seen
-- source: DATA price_snapshots
with snapshots as (
    select * from price_snapshots
),

final as (
    select
        _row as row_no,
        'list_price' as column_name,
        cast(list_price as varchar) as value,
        cast(null as decimal(18, 4)) as money,
    from snapshots
    where list_price <= 0
    union all
    select
        _row as row_no,
        'activity_price' as column_name,
        cast(activity_price as varchar) as value,
        cast(null as decimal(18, 4)) as money,
    from snapshots
    where activity_price <= 0
    union all
    select
        _row as row_no,
        'net_price' as column_name,
        cast(net_price as varchar) as value,
        cast(null as decimal(18, 4)) as money,
    from snapshots
    where net_price <= 0
)

select * from final
order by row_no, column_name
