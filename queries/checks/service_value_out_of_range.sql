-- purpose: service values outside what their metric can be, and cases below zero
-- grain: row_no, column_name
-- inputs: service
-- params: none
-- outputs:
--   row_no bigint, row of the table
--   column_name varchar, column that breaks the rule
--   value varchar, what stands there
--   money decimal(18,4), null: the table has no money
-- table: service
-- severity: warn
-- rule: ratings 1 to 5, rates 0 to 1, walkthrough 0 to 100, times and n 0 or more
-- advice: check the scale: 98% is written 0.98
-- source: DATA service, metrics
with scores as (
    select
        _row,
        metric,
        value,
        n,
        case
            when metric like 'rating!_%' escape '!' then value not between 1 and 5
            when metric like '%!_rate' escape '!' then value not between 0 and 1
            when metric like 'walkthrough!_%' escape '!' then value not between 0 and 100
            else value < 0
        end as is_outside,
    from service
),

final as (
    select
        _row as row_no,
        'value' as column_name,
        concat(metric, ' ', value) as value,
        cast(null as decimal(18, 4)) as money,
    from scores
    where is_outside
    union all
    select
        _row as row_no,
        'n' as column_name,
        cast(n as varchar) as value,
        cast(null as decimal(18, 4)) as money,
    from scores
    where n < 0
)

select * from final
order by row_no, column_name
