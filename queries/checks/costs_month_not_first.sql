-- purpose: costs whose month is not written as its first day
-- grain: row_no, column_name
-- inputs: costs
-- params: none
-- outputs:
--   row_no bigint, row of the table
--   column_name varchar, column that breaks the rule
--   value varchar, what stands there
--   money decimal(18,4), null: the table has no money
-- table: costs
-- severity: warn
-- rule: the first day of a month
-- advice: write 2026-01-01 for January 2026
-- source: DATA costs
with items as (
    select * from costs
),

final as (
    select
        _row as row_no,
        'month' as column_name,
        cast(month as varchar) as value,
        cast(null as decimal(18, 4)) as money,
    from items
    where day(month) <> 1
)

select * from final
order by row_no, column_name
