-- purpose: days of traffic that have a total and its sources
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
-- rule: a total or its sources, not both
-- advice: leave the rows of source all out; where both stand, the total alone counts as visitors
-- source: DATA traffic
with days as (
    select
        _row,
        source,
        visitors,
        count(case when source <> 'all' then 1 end) over (partition by store_id, date)
            as sources,
    from traffic
),

final as (
    select
        _row as row_no,
        'source' as column_name,
        concat('all (', visitors, ' visitors) beside ', sources, ' sources') as value,
        cast(null as decimal(18, 4)) as money,
    from days
    where source = 'all' and sources > 0
)

select * from final
order by row_no, column_name
