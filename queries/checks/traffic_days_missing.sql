-- purpose: days missing between a store's first and last day of traffic
-- grain: row_no, column_name
-- inputs: traffic
-- params: none
-- outputs:
--   row_no bigint, row of the table
--   column_name varchar, column that breaks the rule
--   value varchar, what stands there
--   money decimal(18,4), null: the table has no money
-- table: traffic
-- severity: warn
-- rule: every day from the first to the last
-- advice: add the days; conversion takes only days that both tables know
-- source: DATA traffic
with days as (
    select
        store_id,
        date,
        min(_row) as _row,
    from traffic
    group by store_id, date
),

followed as (
    select
        _row,
        date,
        lead(date) over (partition by store_id order by date) as next_date,
    from days
),

final as (
    select
        _row as row_no,
        'date' as column_name,
        concat(
            date, ' (', date_diff('day', date, next_date) - 1, ' missing days follow)'
        ) as value,
        cast(null as decimal(18, 4)) as money,
    from followed
    where date_diff('day', date, next_date) > 1
)

select * from final
order by row_no, column_name
