-- purpose: lines imported before that a newer export of the store leaves as they are: of days that
--   it does not cover, and of orders that it does not hold
-- grain: order_id, row
-- inputs: exported_lines, new_orders, covered_days
-- params: none
-- outputs:
--   order_id varchar, order number
--   row bigint, row of the export
--   sheet bigint, which file of the import
--   line_no bigint, line of the order, from its first row on
--   line_id varchar, the platform's number of the line
--   item_key varchar, what identifies the product in its store
--   reason varchar, why the line is no sale: unpaid, no_order, no_quantity, no_amount; else null
--   placed_on date, the day by which exports are cut: of the order, else of its payment
--   ordered_at timestamp, time of payment, else of the order
--   qty decimal(18,3), pieces
--   list_price decimal(18,4), of one piece
--   paid_amount decimal(18,4), by the consumer for the line
--   discount_markdown decimal(18,4), discount by markdown
--   discount_member decimal(18,4), discount by member
--   discount_coupon_item decimal(18,4), discount by coupon_item
--   discount_coupon_shop decimal(18,4), discount by coupon_shop
--   discount_tier_amount decimal(18,4), discount by tier_amount
--   discount_coupon_platform decimal(18,4), discount by coupon_platform
--   discount_points decimal(18,4), discount by points
--   discount_redpack decimal(18,4), discount by redpack
--   platform_amount decimal(18,4), refunded to the merchant
--   buyer_id varchar, salted hash
--   refunded_amount decimal(18,4), money given back; null = not known
--   refunded_at timestamp, when
--   ship_region varchar, province or country of delivery
--   is_excluded boolean, marked as a fake order
-- source: DATA order_lines
with final as (
    select exported_lines.*
    from exported_lines
    left join new_orders on exported_lines.order_id = new_orders.order_id
    left join covered_days on exported_lines.placed_on = covered_days.day
    where new_orders.order_id is null and covered_days.day is null
)

select * from final
order by order_id, row
