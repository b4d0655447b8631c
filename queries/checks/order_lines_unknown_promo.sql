-- purpose: rows of order_lines whose promo_id is not in promotions
-- grain: row_no, column_name
-- inputs: order_lines, promotions
-- params: none
-- outputs:
--   row_no bigint, row of the table
--   column_name varchar, column that breaks the rule
--   value varchar, what stands there
--   money decimal(18,4), what was paid for the line
-- table: order_lines
-- severity: warn
-- rule: a promo_id that promotions has
-- advice: add the promotion; until then the calendar lacks it
-- source: DATA order_lines.promo_id
with lines as (
    select * from order_lines
),

offers as (
    select * from promotions
),

final as (
    select
        lines._row as row_no,
        'promo_id' as column_name,
        lines.promo_id as value,
        lines.paid_amount as money,
    from lines
    left join offers on lines.promo_id = offers.promo_id
    where offers.promo_id is null and lines.promo_id is not null
)

select * from final
order by row_no, column_name
