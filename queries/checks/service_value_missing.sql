-- purpose: rows of service without a value that must be known
-- grain: row_no, column_name
-- inputs: service
-- params: none
-- outputs:
--   row_no bigint, row of the table
--   column_name varchar, column that breaks the rule
--   value varchar, what stands there
--   money decimal(18,4), null: the table has no money
-- table: service
-- severity: fatal
-- rule: a value in every row
-- advice: fill it in; a row without it cannot be compared
-- source: DATA service, required columns
with scores as (
    select * from service
),

final as (
    select
        _row as row_no,
        'store_id' as column_name,
        cast(null as varchar) as value,
        cast(null as decimal(18, 4)) as money,
    from scores
    where store_id is null
    union all
    select
        _row as row_no,
        'date' as column_name,
        cast(null as varchar) as value,
        cast(null as decimal(18, 4)) as money,
    from scores
    where date is null
    union all
    select
        _row as row_no,
        'metric' as column_name,
        cast(null as varchar) as value,
        cast(null as decimal(18, 4)) as money,
    from scores
    where metric is null
    union all
    select
        _row as row_no,
        'value' as column_name,
        cast(null as varchar) as value,
        cast(null as decimal(18, 4)) as money,
    from scores
    where value is null
)

select * from final
order by row_no, column_name
