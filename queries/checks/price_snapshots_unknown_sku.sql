-- purpose: rows of price_snapshots whose sku is not in products
-- grain: row_no, column_name
-- inputs: price_snapshots, products
-- params: none
-- outputs:
--   row_no bigint, row of the table
--   column_name varchar, column that breaks the rule
--   value varchar, what stands there
--   money decimal(18,4), null: the table has no money
-- table: price_snapshots
-- severity: warn
-- rule: a sku that products has
-- advice: add the product; until then it has no title and no category
-- source: DATA price_snapshots.sku
with snapshots as (
    select * from price_snapshots
),

goods as (
    select * from products
),

final as (
    select
        snapshots._row as row_no,
        'sku' as column_name,
        snapshots.sku as value,
        cast(null as decimal(18, 4)) as money,
    from snapshots
    left join goods on snapshots.sku = goods.sku
    where goods.sku is null and snapshots.sku is not null
)

select * from final
order by row_no, column_name
