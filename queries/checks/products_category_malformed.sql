-- purpose: products whose category path has empty levels or other separators
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
-- rule: levels separated by ' > ', none of them empty
-- advice: write 'A > B > C'; a level spelt otherwise is another category
-- source: DATA products
with goods as (
    select * from products
),

final as (
    select
        _row as row_no,
        'category' as column_name,
        category as value,
        cast(null as decimal(18, 4)) as money,
    from goods
    where not regexp_full_match(category, '[^>\s]([^>]*[^>\s])?( > [^>\s]([^>]*[^>\s])?)*')
)

select * from final
order by row_no, column_name
