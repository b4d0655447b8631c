-- purpose: rows of costs whose store_id is not in stores
-- grain: row_no, column_name
-- inputs: costs, stores
-- params: none
-- outputs:
--   row_no bigint, row of the table
--   column_name varchar, column that breaks the rule
--   value varchar, what stands there
--   money decimal(18,4), null: the table has no money
-- table: costs
-- severity: fatal
-- rule: a store_id that stores has
-- advice: add the store to stores, or correct the id
-- source: DATA costs.store_id
with items as (
    select * from costs
),

shops as (
    select * from stores
),

final as (
    select
        items._row as row_no,
        'store_id' as column_name,
        items.store_id as value,
        cast(null as decimal(18, 4)) as money,
    from items
    left join shops on items.store_id = shops.store_id
    where shops.store_id is null and items.store_id is not null
)

select * from final
order by row_no, column_name
