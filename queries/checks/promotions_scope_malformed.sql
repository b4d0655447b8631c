-- purpose: promotions whose scope cannot be read
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
-- rule: store, category:<prefix> or sku:<a|b|c>
-- advice: correct the scope; until then the promotion counts for the whole store
-- source: DATA promotions
with offers as (
    select * from promotions
),

final as (
    select
        _row as row_no,
        'scope' as column_name,
        scope as value,
        cast(null as decimal(18, 4)) as money,
    from offers
    where not regexp_full_match(scope, 'store|category:.*\S.*|sku:[^|]+(\|[^|]+)*')
)

select * from final
order by row_no, column_name
