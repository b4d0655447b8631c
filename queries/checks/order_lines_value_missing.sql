-- purpose: rows of order_lines without a value that must be known
-- grain: row_no, column_name
-- inputs: order_lines
-- params: none
-- outputs:
--   row_no bigint, row of the table
--   column_name varchar, column that breaks the rule
--   value varchar, what stands there
--   money decimal(18,4), what was paid for the line
-- table: order_lines
-- severity: fatal
-- rule: a value in every row
-- advice: fill it in; a row without it cannot be compared
-- source: DATA order_lines, required columns
with lines as (
    select * from order_lines
),

final as (
    select
        _row as row_no,
        'order_id' as column_name,
        cast(null as varchar) as value,
        paid_amount as money,
    from lines
    where order_id is null
    union all
    select
        _row as row_no,
        'line_no' as column_name,
        cast(null as varchar) as value,
        paid_amount as money,
    from lines
    where line_no is null
    union all
    select
        _row as row_no,
        'store_id' as column_name,
        cast(null as varchar) as value,
        paid_amount as money,
    from lines
    where store_id is null
    union all
    select
        _row as row_no,
        'sku' as column_name,
        cast(null as varchar) as value,
        paid_amount as money,
    from lines
    where sku is null
    union all
    select
        _row as row_no,
        'ordered_at' as column_name,
        cast(null as varchar) as value,
        paid_amount as money,
    from lines
    where ordered_at is null
    union all
    select
        _row as row_no,
        'qty' as column_name,
        cast(null as varchar) as value,
        paid_amount as money,
    from lines
    where qty is null
    union all
    select
        _row as row_no,
        'list_price' as column_name,
        cast(null as varchar) as value,
        paid_amount as money,
    from lines
    where list_price is null
    union all
    select
        _row as row_no,
        'paid_amount' as column_name,
        cast(null as varchar) as value,
        paid_amount as money,
    from lines
    where paid_amount is null
)

select * from final
order by row_no, column_name
