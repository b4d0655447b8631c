-- purpose: traffic counts below zero
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
-- rule: 0 or more
-- advice: correct the count; leave it blank when it is not known
-- source: DATA traffic
with days as (
    select * from traffic
),

final as (
    select
        _row as row_no,
        'visitors' as column_name,
        cast(visitors as varchar) as value,
        cast(null as decimal(18, 4)) as money,
    from days
    where visitors < 0
    union all
    select
        _row as row_no,
        'page_views' as column_name,
        cast(page_views as varchar) as value,
        cast(null as decimal(18, 4)) as money,
    from days
    where page_views < 0
    union all
    select
        _row as row_no,
        'cart_visitors' as column_name,
        cast(cart_visitors as varchar) as value,
        cast(null as decimal(18, 4)) as money,
    from days
    where cart_visitors < 0
    union all
    select
        _row as row_no,
        'favourite_visitors' as column_name,
        cast(favourite_visitors as varchar) as value,
        cast(null as decimal(18, 4)) as money,
    from days
    where favourite_visitors < 0
)

select * from final
order by row_no, column_name
