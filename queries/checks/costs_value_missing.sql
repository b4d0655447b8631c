-- purpose: rows of costs without a value that must be known
-- grain: row_no, column_name
-- inputs: costs
-- params: none
-- outputs:
--   row_no bigint, row of the table
--   column_name varchar, column that breaks the rule
--   value varchar, what stands there
--   money decimal(18,4), null: the table has no money
-- table: costs
-- severity: fatal
-- rule: a value in every row
-- advice: fill it in; a row without it cannot be compared
-- source: DATA costs, required columns
with items as (
    select * from costs
),

final as (
    select
        _row as row_no,
        'store_id' as column_name,
        cast(null as varchar) as value,
        cast(null as decimal(18, 4)) as money,
    from items
    where store_id is null
    union all
    select
        _row as row_no,
        'month' as column_name,
        cast(null as varchar) as value,
        cast(null as decimal(18, 4)) as money,
    from items
    where month is null
    union all
    select
        _row as row_no,
        'kind' as column_name,
        cast(null as varchar) as value,
        cast(null as decimal(18, 4)) as money,
    from items
    where kind is null
    union all
    select
        _row as row_no,
        'amount' as column_name,
        cast(null as varchar) as value,
        cast(null as decimal(18, 4)) as money,
    from items
    where amount is null
)

select * from final
order by row_no, column_name
