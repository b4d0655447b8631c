-- purpose: cost rates outside 0 to 1, and costs below zero
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
-- rule: rates from 0 to 1, money 0 or more
-- advice: write 5% as 0.05, and costs without a sign
-- source: DATA costs
with items as (
    select * from costs
),

final as (
    select
        _row as row_no,
        'amount' as column_name,
        concat(kind, ' ', amount) as value,
        cast(null as decimal(18, 4)) as money,
    from items
    where
        amount < 0
        or (kind like '%!_rate' escape '!' and amount > 1)
)

select * from final
order by row_no, column_name
