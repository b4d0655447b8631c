-- purpose: order lines from before the first rate of their store's currency
-- grain: row_no, column_name
-- inputs: order_lines, stores, fx
-- params: currency varchar
-- outputs:
--   row_no bigint, row of the table
--   column_name varchar, column that breaks the rule
--   value varchar, what stands there
--   money decimal(18,4), what was paid for the line
-- table: order_lines
-- severity: fatal
-- rule: a day with a rate in fx, or an earlier one
-- advice: add earlier rates to fx
-- source: DATA fx
with lines as (
    select * from order_lines
),

first_rates as (
    select
        currency,
        min(date) as day,
    from fx
    where rate is not null
    group by currency
),

foreign_shops as (
    select
        stores.store_id,
        first_rates.day,
    from stores
    inner join first_rates on stores.currency = first_rates.currency
    where stores.currency <> $currency
),

final as (
    select
        lines._row as row_no,
        'ordered_at' as column_name,
        cast(lines.ordered_at as varchar) as value,
        lines.paid_amount as money,
    from lines
    inner join foreign_shops on lines.store_id = foreign_shops.store_id
    where cast(lines.ordered_at as date) < foreign_shops.day
)

select * from final
order by row_no, column_name
