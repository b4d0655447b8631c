-- purpose: rows of traffic whose store_id is not in stores
-- grain: row_no, column_name
-- inputs: traffic, stores
-- params: none
-- outputs:
--   row_no bigint, row of the table
--   column_name varchar, column that breaks the rule
--   value varchar, what stands there
--   money decimal(18,4), null: the table has no money
-- table: traffic
-- severity: fatal
-- rule: a store_id that stores has
-- advice: add the store to stores, or correct the id
-- source: DATA traffic.store_id
with days as (
    select * from traffic
),

shops as (
    select * from stores
),

final as (
    select
        days._row as row_no,
        'store_id' as column_name,
        days.store_id as value,
        cast(null as decimal(18, 4)) as money,
    from days
    left join shops on days.store_id = shops.store_id
    where shops.store_id is null and days.store_id is not null
)

select * from final
order by row_no, column_name
