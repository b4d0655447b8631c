-- purpose: stores that closed before they opened
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
-- rule: at or after opened_on
-- advice: correct the dates
-- source: DATA stores
with shops as (
    select * from stores
),

final as (
    select
        _row as row_no,
        'closed_on' as column_name,
        cast(closed_on as varchar) as value,
        cast(null as decimal(18, 4)) as money,
    from shops
    where closed_on < opened_on
)

select * from final
order by row_no, column_name
