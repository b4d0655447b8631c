-- purpose: rows of service whose store_id is not in stores
-- grain: row_no, column_name
-- inputs: service, stores
-- params: none
-- outputs:
--   row_no bigint, row of the table
--   column_name varchar, column that breaks the rule
--   value varchar, what stands there
--   money decimal(18,4), null: the table has no money
-- table: service
-- severity: fatal
-- rule: a store_id that stores has
-- advice: add the store to stores, or correct the id
-- source: DATA service.store_id
with scores as (
    select * from service
),

shops as (
    select * from stores
),

final as (
    select
        scores._row as row_no,
        'store_id' as column_name,
        scores.store_id as value,
        cast(null as decimal(18, 4)) as money,
    from scores
    left join shops on scores.store_id = shops.store_id
    where shops.store_id is null and scores.store_id is not null
)

select * from final
order by row_no, column_name
