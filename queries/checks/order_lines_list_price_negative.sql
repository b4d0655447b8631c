-- purpose: order lines whose list price is below zero
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
-- rule: 0 or more
-- advice: correct the list price; leave the line out of the data rather than negative
-- source: DATA order_lines
with lines as (
    select * from order_lines
),

final as (
    select
        _row as row_no,
        'list_price' as column_name,
        cast(list_price as varchar) as value,
        paid_amount as money,
    from lines
    where list_price < 0
)

select * from final
order by row_no, column_name
