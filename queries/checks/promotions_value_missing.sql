-- purpose: rows of promotions without a value that must be known
-- grain: row_no, column_name
-- inputs: promotions
-- params: none
-- outputs:
--   row_no bigint, row of the table
--   column_name varchar, column that breaks the rule
--   value varchar, what stands there
--   money decimal(18,4), null: the table has no money
-- table: promotions
-- severity: fatal
-- rule: a value in every row
-- advice: fill it in; a row without it cannot be compared
-- source: DATA promotions, required columns
with offers as (
    select * from promotions
),

final as (
    select
        _row as row_no,
        'promo_id' as column_name,
        cast(null as varchar) as value,
        cast(null as decimal(18, 4)) as money,
    from offers
    where promo_id is null
    union all
    select
        _row as row_no,
        'store_id' as column_name,
        cast(null as varchar) as value,
        cast(null as decimal(18, 4)) as money,
    from offers
    where store_id is null
    union all
    select
        _row as row_no,
        'mechanism' as column_name,
        cast(null as varchar) as value,
        cast(null as decimal(18, 4)) as money,
    from offers
    where mechanism is null
    union all
    select
        _row as row_no,
        'starts_at' as column_name,
        cast(null as varchar) as value,
        cast(null as decimal(18, 4)) as money,
    from offers
    where starts_at is null
    union all
    select
        _row as row_no,
        'ends_at' as column_name,
        cast(null as varchar) as value,
        cast(null as decimal(18, 4)) as money,
    from offers
    where ends_at is null
)

select * from final
order by row_no, column_name
