-- purpose: what exports say of each order, put together from its rows: an order's amounts stand on
--   its first row or are repeated on all of them; of one kind of export a later file wins
-- grain: order_id
-- inputs: export_orders
-- params: none
-- outputs:
--   order_id varchar, order number
--   state varchar, paid, unpaid, closed or refunded; null = not said
--   created_at timestamp, when it was placed
--   paid_at timestamp, when it was paid
--   buyer_id varchar, salted hash
--   ship_region varchar, province or country of delivery
--   is_excluded boolean, marked as a fake order
--   order_paid decimal(18,4), paid by the consumer for goods
--   order_platform decimal(18,4), refunded to the merchant by the platform
--   order_refunded decimal(18,4), money given back
--   refunded_at timestamp, when
--   order_markdown decimal(18,4), discount of the order by markdown
--   order_coupon_shop decimal(18,4), discount of the order by coupon_shop
--   order_coupon_platform decimal(18,4), discount of the order by coupon_platform
--   order_points decimal(18,4), discount of the order by points
--   order_redpack decimal(18,4), discount of the order by redpack
-- source: DATA order_lines
with repeated as (
    select
        order_id,
        layout,
        max(sheet) as sheet,
    from export_orders
    group by order_id, layout
    having min(sheet) < max(sheet)
),

latest as (
    select export_orders.*
    from export_orders
    left join repeated
        on
            export_orders.order_id = repeated.order_id
            and export_orders.layout = repeated.layout
    where
        export_orders.order_id is not null
        and (repeated.order_id is null or export_orders.sheet = repeated.sheet)
),

final as (
    select
        order_id,
        max(state) as state,
        max(created_at) as created_at,
        max(paid_at) as paid_at,
        max(buyer_id) as buyer_id,
        max(ship_region) as ship_region,
        coalesce(bool_or(is_excluded), false) as is_excluded,
        max(order_paid) as order_paid,
        max(order_platform) as order_platform,
        max(order_refunded) as order_refunded,
        max(refunded_at) as refunded_at,
        max(order_markdown) as order_markdown,
        max(order_coupon_shop) as order_coupon_shop,
        max(order_coupon_platform) as order_coupon_platform,
        max(order_points) as order_points,
        max(order_redpack) as order_redpack,
    from latest
    group by order_id
)

select * from final
order by order_id
