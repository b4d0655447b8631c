-- purpose: rows of promotions whose store_id is not in stores
-- grain: row_no, column_name
-- inputs: promotions, stores
-- params: none
-- outputs:
--   row_no bigint, row of the table
--   column_name varchar, column that breaks the rule
--   value varchar, what stands there
--   money decimal(18,4), null: the table has no money
-- table: promotions
-- severity: fatal
-- rule: a store_id that stores has
-- advice: add the store to stores, or correct the id
-- source: DATA promotions.store_id
with offers as (
    select * from promotions
),

shops as (
    select * from stores
),

final as (
    select
        offers._row as row_no,
        'store_id' as column_name,
        offers.store_id as value,
        cast(null as decimal(18, 4)) as money,
    from offers
    left join shops on offers.store_id = shops.store_id
    where shops.store_id is null and offers.store_id is not null
)

select * from final
order by row_no, column_name
