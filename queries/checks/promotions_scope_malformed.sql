-- purpose: promotions whose scope cannot be read, or has blanks beside : or |, which are read as
--   part of the category or the product and so cover nothing
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
-- rule: store, category:<prefix> or sku:<a|b|c>, without blanks at the ends or beside : and |
-- advice: write category:Cookware instead of 'category: Cookware', sku:a|b instead of 'sku:a | b';
--   until then what begins with category: or sku: covers only goods written just so, and anything
--   else the whole store
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
    where not regexp_full_match(
        scope, 'store|category:\S(.*\S)?|sku:[^|\s]([^|]*[^|\s])?(\|[^|\s]([^|]*[^|\s])?)*'
    )
)

select * from final
order by row_no, column_name
