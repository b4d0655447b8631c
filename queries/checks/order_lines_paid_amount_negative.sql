-- purpose: order lines for which less than nothing was paid
-- grain: row_no, column_name
-- inputs: order_lines
-- params: none
-- outputs:
--   row_no bigint, row of the table
--   column_name varchar, column that breaks the rule
--   value varchar, what stands there
--   money decimal(18,4), what was paid for the line
-- table: order_lines
-- severity: warn
-- rule: 0 or more
-- advice: write money given back as refunded_amount
-- source: DATA order_lines
with lines as (
    select * from order_lines
),

final as (
    select
        _row as row_no,
        'paid_amount' as column_name,
        cast(paid_amount as varchar) as value,
        paid_amount as money,
    from lines
    where paid_amount < 0
)

select * from final
order by row_no, column_name
