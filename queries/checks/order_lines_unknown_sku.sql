-- purpose: rows of order_lines whose sku is not in products
-- grain: row_no, column_name
-- inputs: order_lines, products
-- params: none
-- outputs:
--   row_no bigint, row of the table
--   column_name varchar, column that breaks the rule
--   value varchar, what stands there
--   money decimal(18,4), what was paid for the line
-- table: order_lines
-- severity: warn
-- rule: a sku that products has
-- advice: add the product; until then it has no title and no category
-- source: DATA order_lines.sku
with lines as (
    select * from order_lines
),

goods as (
    select * from products
),

final as (
    select
        lines._row as row_no,
        'sku' as column_name,
        lines.sku as value,
        lines.paid_amount as money,
    from lines
    left join goods on lines.sku = goods.sku
    where goods.sku is null and lines.sku is not null
)

select * from final
order by row_no, column_name
