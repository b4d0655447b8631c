-- purpose: refunds of which the time is not known
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
-- rule: the time of the refund
-- advice: add it; an undated refund belongs to no cohort age
-- source: DATA order_lines
with lines as (
    select * from order_lines
),

final as (
    select
        _row as row_no,
        'refunded_at' as column_name,
        cast(null as varchar) as value,
        paid_amount as money,
    from lines
    where refunded_amount > 0 and refunded_at is null
)

select * from final
order by row_no, column_name
