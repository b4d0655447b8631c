-- purpose: exchange rates of zero or below
-- grain: row_no, column_name
-- inputs: fx
-- params: none
-- outputs:
--   row_no bigint, row of the table
--   column_name varchar, column that breaks the rule
--   value varchar, what stands there
--   money decimal(18,4), null: the table has no money
-- table: fx
-- severity: fatal
-- rule: more than 0
-- advice: correct the rate: units of the workspace's currency for one unit
-- source: DATA fx
with rates as (
    select * from fx
),

final as (
    select
        _row as row_no,
        'rate' as column_name,
        cast(rate as varchar) as value,
        cast(null as decimal(18, 4)) as money,
    from rates
    where rate <= 0
)

select * from final
order by row_no, column_name
