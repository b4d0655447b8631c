-- purpose: promotions that end as their last day begins, as a date without a time does
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
-- rule: ends_at is the last moment, as 2026-06-18 23:59:59
-- advice: write the last moment of the last day; a date alone means its midnight, and the promotion
--   takes nothing off on that day
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
    where ends_at = date_trunc('day', ends_at)
)

select * from final
order by row_no, column_name
