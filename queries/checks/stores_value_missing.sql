-- purpose: rows of stores without a value that must be known
-- grain: row_no, column_name
-- inputs: stores
-- params: none
-- outputs:
--   row_no bigint, row of the table
--   column_name varchar, column that breaks the rule
--   value varchar, what stands there
--   money decimal(18,4), null: the table has no money
-- table: stores
-- severity: fatal
-- rule: a value in every row
-- advice: fill it in; a row without it cannot be compared
-- source: DATA stores, required columns
with shops as (
    select * from stores
),

final as (
    select
        _row as row_no,
        'store_id' as column_name,
        cast(null as varchar) as value,
        cast(null as decimal(18, 4)) as money,
    from shops
    where store_id is null
    union all
    select
        _row as row_no,
        'name' as column_name,
        cast(null as varchar) as value,
        cast(null as decimal(18, 4)) as money,
    from shops
    where name is null
    union all
    select
        _row as row_no,
        'kind' as column_name,
        cast(null as varchar) as value,
        cast(null as decimal(18, 4)) as money,
    from shops
    where kind is null
    union all
    select
        _row as row_no,
        'platform' as column_name,
        cast(null as varchar) as value,
        cast(null as decimal(18, 4)) as money,
    from shops
    where platform is null
)

select * from final
order by row_no, column_name
