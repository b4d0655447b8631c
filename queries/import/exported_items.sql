-- purpose: the products of an export as their store calls them, with what they sold
-- grain: item_key
-- inputs: export_lines, exported_lines
-- params: none
-- outputs:
--   item_key varchar, what identifies the product in its store
--   item_id varchar, the platform's id of the item
--   variant_id varchar, the platform's id of the variant
--   sku_code varchar, merchant code of the variant
--   item_code varchar, merchant code of the item
--   gtin varchar, trade item number
--   title varchar, as the store prints it
--   variant varchar, colour and size
--   list_price decimal(18,4), highest price of one piece
--   lines bigint, lines sold
--   sales decimal(18,4), paid for them
-- source: DATA products
with named as (
    select
        item_key,
        max(item_id) as item_id,
        max(variant_id) as variant_id,
        max(sku_code) as sku_code,
        max(item_code) as item_code,
        max(gtin) as gtin,
        max(title) as title,
        max(variant) as variant,
    from export_lines
    group by item_key
),

sold as (
    select
        item_key,
        max(list_price) as list_price,
        count(*) as lines,
        cast(sum(paid_amount) as decimal(18, 4)) as sales,
    from exported_lines
    where reason is null
    group by item_key
),

final as (
    select
        named.*,
        sold.list_price,
        sold.lines,
        sold.sales,
    from named
    inner join sold on named.item_key = sold.item_key
)

select * from final
order by item_key
