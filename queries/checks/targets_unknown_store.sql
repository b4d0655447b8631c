-- purpose: rows of targets whose store_id is not in stores
-- grain: row_no, column_name
-- inputs: targets, stores
-- params: none
-- outputs:
--   row_no bigint, row of the table
--   column_name varchar, column that breaks the rule
--   value varchar, what stands there
--   money decimal(18,4), null: the table has no money
-- table: targets
-- severity: fatal
-- rule: a store_id that stores has
-- advice: add the store to stores, or correct the id
-- source: DATA targets.store_id
with plans as (
    select * from targets
),

shops as (
    select * from stores
),

final as (
    select
        plans._row as row_no,
        'store_id' as column_name,
        plans.store_id as value,
        cast(null as decimal(18, 4)) as money,
    from plans
    left join shops on plans.store_id = shops.store_id
    where shops.store_id is null and plans.store_id is not null
)

select * from final
order by row_no, column_name
