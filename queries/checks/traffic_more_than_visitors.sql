-- purpose: days with more cart or favourite visitors than visitors
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
-- rule: at most visitors
-- advice: check that all are counted as visitors of the day, not as actions
-- source: DATA traffic
with days as (
    select * from traffic
),

final as (
    select
        _row as row_no,
        'cart_visitors' as column_name,
        concat(cart_visitors, ' of ', visitors) as value,
        cast(null as decimal(18, 4)) as money,
    from days
    where cart_visitors > visitors
    union all
    select
        _row as row_no,
        'favourite_visitors' as column_name,
        concat(favourite_visitors, ' of ', visitors) as value,
        cast(null as decimal(18, 4)) as money,
    from days
    where favourite_visitors > visitors
)

select * from final
order by row_no, column_name
