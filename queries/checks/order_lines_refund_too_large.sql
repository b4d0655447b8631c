-- purpose: refunds below zero, or above what was received for the line
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
-- rule: from 0 to paid_amount + platform_amount
-- advice: correct the refund, or platform_amount if the platform paid a part
-- source: DATA order_lines
with lines as (
    select * from order_lines
),

final as (
    select
        _row as row_no,
        'refunded_amount' as column_name,
        cast(refunded_amount as varchar) as value,
        paid_amount as money,
    from lines
    where
        refunded_amount < 0
        or refunded_amount > paid_amount + coalesce(platform_amount, 0)
)

select * from final
order by row_no, column_name
