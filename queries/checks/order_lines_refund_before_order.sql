-- purpose: refunds that come before their order
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
-- rule: at or after ordered_at
-- advice: correct the time; both are local time of the store
-- source: DATA order_lines
with lines as (
    select * from order_lines
),

final as (
    select
        _row as row_no,
        'refunded_at' as column_name,
        cast(refunded_at as varchar) as value,
        paid_amount as money,
    from lines
    where refunded_at < ordered_at
)

select * from final
order by row_no, column_name
