-- purpose: promotions that end before they start
-- grain: row_no, column_name
-- inputs: promotions
-- params: none
-- outputs:
--   row_no bigint, row of the table
--   column_name varchar, column that breaks the rule
--   value varchar, what stands there
--   money decimal(18,4), null: the table has no money
-- table: promotions
-- severity: warn
-- rule: at or after starts_at
-- advice: correct the times
-- source: DATA promotions
with offers as (
    select * from promotions
),

final as (
    select
        _row as row_no,
        'ends_at' as column_name,
        cast(ends_at as varchar) as value,
        cast(null as decimal(18, 4)) as money,
    from offers
    where ends_at < starts_at
)

select * from final
order by row_no, column_name
