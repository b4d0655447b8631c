-- purpose: rows of targets without a value that must be known
-- grain: row_no, column_name
-- inputs: targets
-- params: none
-- outputs:
--   row_no bigint, row of the table
--   column_name varchar, column that breaks the rule
--   value varchar, what stands there
--   money decimal(18,4), null: the table has no money
-- table: targets
-- severity: fatal
-- rule: a value in every row
-- advice: fill it in; a row without it cannot be compared
-- source: DATA targets, required columns
with plans as (
    select * from targets
),

final as (
    select
        _row as row_no,
        'store_id' as column_name,
        cast(null as varchar) as value,
        cast(null as decimal(18, 4)) as money,
    from plans
    where store_id is null
    union all
    select
        _row as row_no,
        'month' as column_name,
        cast(null as varchar) as value,
        cast(null as decimal(18, 4)) as money,
    from plans
    where month is null
    union all
    select
        _row as row_no,
        'metric' as column_name,
        cast(null as varchar) as value,
        cast(null as decimal(18, 4)) as money,
    from plans
    where metric is null
    union all
    select
        _row as row_no,
        'value' as column_name,
        cast(null as varchar) as value,
        cast(null as decimal(18, 4)) as money,
    from plans
    where value is null
)

select * from final
order by row_no, column_name
