-- purpose: promotions that give away a product which products does not have
-- grain: row_no, column_name
-- inputs: promotions, products
-- params: none
-- outputs:
--   row_no bigint, row of the table
--   column_name varchar, column that breaks the rule
--   value varchar, what stands there
--   money decimal(18,4), null: the table has no money
-- table: promotions
-- severity: warn
-- rule: a gift_sku that products has
-- advice: add the product with its unit_cost; until then the gift has no worth and no cost
-- source: DATA promotions
with offers as (
    select * from promotions
),

goods as (
    select * from products
),

final as (
    select
        offers._row as row_no,
        'gift_sku' as column_name,
        offers.gift_sku as value,
        cast(null as decimal(18, 4)) as money,
    from offers
    left join goods on offers.gift_sku = goods.sku
    where goods.sku is null and offers.gift_sku is not null
)

select * from final
order by row_no, column_name
