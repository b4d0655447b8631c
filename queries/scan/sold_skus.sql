-- purpose: the products that were sold, so that a part of the data reads no others
-- grain: sku
-- inputs: order_lines
-- params: none
-- outputs:
--   sku varchar, the product
-- source: SCALE 2
with final as (
    select sku
    from order_lines
    where sku is not null
    group by sku
)

select * from final
order by sku
