-- purpose: order lines from before a store opened or after it closed
-- grain: row_no, column_name
-- inputs: order_lines, stores
-- params: none
-- outputs:
--   row_no bigint, row of the table
--   column_name varchar, column that breaks the rule
--   value varchar, what stands there
--   money decimal(18,4), what was paid for the line
-- table: order_lines
-- severity: warn
-- rule: from opened_on to closed_on of the store
-- advice: correct the dates in stores; sales outside them look like an opening that was not
-- source: DATA stores.opened_on, closed_on
with lines as (
    select * from order_lines
),

shops as (
    select * from stores
),

final as (
    select
        lines._row as row_no,
        'ordered_at' as column_name,
        cast(lines.ordered_at as varchar) as value,
        lines.paid_amount as money,
    from lines
    inner join shops on lines.store_id = shops.store_id
    where
        cast(lines.ordered_at as date) < shops.opened_on
        or cast(lines.ordered_at as date) > shops.closed_on
)

select * from final
order by row_no, column_name
