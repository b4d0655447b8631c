-- purpose: rows of fx without a value that must be known
-- grain: row_no, column_name
-- inputs: fx
-- params: none
-- outputs:
--   row_no bigint, row of the table
--   column_name varchar, column that breaks the rule
--   value varchar, what stands there
--   money decimal(18,4), null: the table has no money
-- table: fx
-- severity: fatal
-- rule: a value in every row
-- advice: fill it in; a row without it cannot be compared
-- source: DATA fx, required columns
with rates as (
    select * from fx
),

final as (
    select
        _row as row_no,
        'date' as column_name,
        cast(null as varchar) as value,
        cast(null as decimal(18, 4)) as money,
    from rates
    where date is null
    union all
    select
        _row as row_no,
        'currency' as column_name,
        cast(null as varchar) as value,
        cast(null as decimal(18, 4)) as money,
    from rates
    where currency is null
    union all
    select
        _row as row_no,
        'rate' as column_name,
        cast(null as varchar) as value,
        cast(null as decimal(18, 4)) as money,
    from rates
    where rate is null
)

select * from final
order by row_no, column_name
