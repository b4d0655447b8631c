-- purpose: rows of traffic without a value that must be known
-- grain: row_no, column_name
-- inputs: traffic
-- params: none
-- outputs:
--   row_no bigint, row of the table
--   column_name varchar, column that breaks the rule
--   value varchar, what stands there
--   money decimal(18,4), null: the table has no money
-- table: traffic
-- severity: fatal
-- rule: a value in every row
-- advice: fill it in; a row without it cannot be compared
-- source: DATA traffic, required columns
with days as (
    select * from traffic
),

final as (
    select
        _row as row_no,
        'store_id' as column_name,
        cast(null as varchar) as value,
        cast(null as decimal(18, 4)) as money,
    from days
    where store_id is null
    union all
    select
        _row as row_no,
        'date' as column_name,
        cast(null as varchar) as value,
        cast(null as decimal(18, 4)) as money,
    from days
    where date is null
    union all
    select
        _row as row_no,
        'visitors' as column_name,
        cast(null as varchar) as value,
        cast(null as decimal(18, 4)) as money,
    from days
    where visitors is null
)

select * from final
order by row_no, column_name
