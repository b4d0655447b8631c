-- purpose: stores without tax in their prices, where others have it
-- grain: row_no, column_name
-- inputs: stores
-- params: none
-- outputs:
--   row_no bigint, row of the table
--   column_name varchar, column that breaks the rule
--   value varchar, what stands there
--   money decimal(18,4), null: the table has no money
-- table: stores
-- severity: warn
-- rule: all stores with tax in their prices, or all without
-- advice: compare such stores with care: levels differ by the tax
-- source: DATA stores.prices_include_tax
with shops as (
    select
        _row,
        prices_include_tax,
        bool_or(prices_include_tax) over () as some_include,
    from stores
),

final as (
    select
        _row as row_no,
        'prices_include_tax' as column_name,
        cast(prices_include_tax as varchar) as value,
        cast(null as decimal(18, 4)) as money,
    from shops
    where some_include and not prices_include_tax
)

select * from final
order by row_no, column_name
