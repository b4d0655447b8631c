-- purpose: promotion shares and rates outside 0 to 1
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
-- rule: from 0 to 1
-- advice: write 15% as 0.15
-- source: DATA promotions
with offers as (
    select * from promotions
),

final as (
    select
        _row as row_no,
        'merchant_share' as column_name,
        cast(merchant_share as varchar) as value,
        cast(null as decimal(18, 4)) as money,
    from offers
    where merchant_share not between 0 and 1
    union all
    select
        _row as row_no,
        'benefit' as column_name,
        cast(benefit as varchar) as value,
        cast(null as decimal(18, 4)) as money,
    from offers
    where benefit_kind = 'rate' and benefit not between 0 and 1
)

select * from final
order by row_no, column_name
