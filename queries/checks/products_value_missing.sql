-- purpose: rows of products without a value that must be known
-- grain: row_no, column_name
-- inputs: products
-- params: none
-- outputs:
--   row_no bigint, row of the table
--   column_name varchar, column that breaks the rule
--   value varchar, what stands there
--   money decimal(18,4), null: the table has no money
-- table: products
-- severity: fatal
-- rule: a value in every row
-- advice: fill it in; a row without it cannot be compared
-- source: DATA products, required columns
with goods as (
    select * from products
),

final as (
    select
        _row as row_no,
        'sku' as column_name,
        cast(null as varchar) as value,
        cast(null as decimal(18, 4)) as money,
    from goods
    where sku is null
    union all
    select
        _row as row_no,
        'title' as column_name,
        cast(null as varchar) as value,
        cast(null as decimal(18, 4)) as money,
    from goods
    where title is null
    union all
    select
        _row as row_no,
        'category' as column_name,
        cast(null as varchar) as value,
        cast(null as decimal(18, 4)) as money,
    from goods
    where category is null
)

select * from final
order by row_no, column_name
