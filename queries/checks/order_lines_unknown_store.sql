-- purpose: rows of order_lines whose store_id is not in stores
-- grain: row_no, column_name
-- inputs: order_lines, stores
-- params: none
-- outputs:
--   row_no bigint, row of the table
--   column_name varchar, column that breaks the rule
--   value varchar, what stands there
--   money decimal(18,4), what was paid for the line
-- table: order_lines
-- severity: fatal
-- rule: a store_id that stores has
-- advice: add the store to stores, or correct the id
-- source: DATA order_lines.store_id
with lines as (
    select * from order_lines
),

shops as (
    select * from stores
),

final as (
    select
        lines._row as row_no,
        'store_id' as column_name,
        lines.store_id as value,
        lines.paid_amount as money,
    from lines
    left join shops on lines.store_id = shops.store_id
    where shops.store_id is null and lines.store_id is not null
)

select * from final
order by row_no, column_name
