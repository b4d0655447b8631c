-- purpose: order lines of no or of negative pieces
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
-- rule: more than 0
-- advice: write returns as refunded_amount, not as negative pieces
-- source: DATA order_lines
with lines as (
    select * from order_lines
),

final as (
    select
        _row as row_no,
        'qty' as column_name,
        cast(qty as varchar) as value,
        paid_amount as money,
    from lines
    where qty <= 0
)

select * from final
order by row_no, column_name
