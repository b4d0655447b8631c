-- purpose: products with a suggested price, a cost or a size below zero
-- grain: row_no, column_name
-- inputs: products
-- params: none
-- outputs:
--   row_no bigint, row of the table
--   column_name varchar, column that breaks the rule
--   value varchar, what stands there
--   money decimal(18,4), null: the table has no money
-- table: products
-- severity: warn
-- rule: 0 or more
-- advice: correct the amount
-- source: DATA products
with goods as (
    select * from products
),

final as (
    select
        _row as row_no,
        'suggested_price' as column_name,
        cast(suggested_price as varchar) as value,
        cast(null as decimal(18, 4)) as money,
    from goods
    where suggested_price < 0
    union all
    select
        _row as row_no,
        'unit_cost' as column_name,
        cast(unit_cost as varchar) as value,
        cast(null as decimal(18, 4)) as money,
    from goods
    where unit_cost < 0
    union all
    select
        _row as row_no,
        'unit_size' as column_name,
        cast(unit_size as varchar) as value,
        cast(null as decimal(18, 4)) as money,
    from goods
    where unit_size < 0
)

select * from final
order by row_no, column_name
