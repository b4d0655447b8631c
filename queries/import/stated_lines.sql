-- purpose: the lines of an export beside what is known of their orders: whether each is a sale or
--   came back, and what its price is before the discounts of the order; of an order in several
--   files the last one counts
-- grain: order_id, row
-- inputs: export_lines, known_orders
-- params: none
-- outputs:
--   order_id varchar, order number
--   row bigint, row of the export
--   sheet bigint, which file of the import
--   line_id varchar, the platform's number of the line
--   item_key varchar, what identifies the product in its store
--   has_order boolean, there is a row of the order
--   state varchar, paid, unpaid or refunded
--   created_at timestamp, when the order was placed
--   paid_at timestamp, when it was paid
--   buyer_id varchar, salted hash
--   ship_region varchar, province or country of delivery
--   is_excluded boolean, marked as a fake order
--   qty decimal(18,3), pieces
--   list_price decimal(18,4), of one piece, the higher of what is printed and what is asked
--   below_list decimal(18,4), by how much all pieces are asked below a printed list price
--   remaining decimal(18,4), price of all pieces less the discounts of the line; null = not known
--   line_paid decimal(18,4), by the consumer for the line, where the export says it
--   line_platform decimal(18,4), refunded to the merchant for the line
--   line_refunded decimal(18,4), given back for the line
--   line_markdown decimal(18,4), discount of the line by markdown
--   line_member decimal(18,4), discount of the line by member
--   line_coupon_item decimal(18,4), discount of the line by coupon_item
--   line_coupon_shop decimal(18,4), discount of the line by coupon_shop
--   line_tier_amount decimal(18,4), discount of the line by tier_amount
--   line_coupon_platform decimal(18,4), discount of the line by coupon_platform
--   line_redpack decimal(18,4), discount of the line by redpack
--   order_paid decimal(18,4), by the consumer for the order
--   order_platform decimal(18,4), refunded to the merchant for the order
--   order_refunded decimal(18,4), given back for the order
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
        max(sheet) as sheet,
    from export_lines
    group by order_id
    having min(sheet) < max(sheet)
),

latest as (
    select export_lines.*
    from export_lines
    left join repeated on export_lines.order_id = repeated.order_id
    where repeated.order_id is null or export_lines.sheet = repeated.sheet
),

joined as (
    select
        lines.* exclude (state),
        orders.order_id is not null as has_order,
        coalesce(lines.state, orders.state) as state,
        orders.created_at,
        orders.paid_at,
        orders.buyer_id,
        orders.ship_region,
        orders.is_excluded,
        orders.order_paid,
        orders.order_platform,
        orders.order_refunded,
        orders.refunded_at,
        orders.order_markdown,
        orders.order_coupon_shop,
        orders.order_coupon_platform,
        orders.order_points,
        orders.order_redpack,
        coalesce(lines.line_amount, lines.unit_price * lines.qty) as amount,
    from latest as lines
    left join known_orders as orders on lines.order_id = orders.order_id
),

stated as (
    select
        * exclude (line_state, state, list_price),
        case
            when line_state = 'refunded' or state = 'refunded' then 'refunded'
            when line_state = 'closed' or state = 'closed'
                then case when paid_at is null then 'unpaid' else 'refunded' end
            when line_state = 'unpaid' or state = 'unpaid' then 'unpaid'
            when line_state = 'paid' or state = 'paid' then 'paid'
            when paid_at is null then 'unpaid'
            else 'paid'
        end as state,
        greatest(list_price, amount / nullif(qty, 0)) as list_price,
        greatest(list_price * qty - amount, 0) as below_list,
        greatest(
            amount - coalesce(line_member, 0) - coalesce(line_coupon_item, 0)
            - coalesce(line_coupon_shop, 0) - coalesce(line_tier_amount, 0)
            - coalesce(line_coupon_platform, 0) - coalesce(line_redpack, 0)
            - coalesce(line_markdown, 0),
            amount * 0
        ) as remaining,
    from joined
),

final as (
    select
        order_id,
        row,
        sheet,
        line_id,
        item_key,
        has_order,
        state,
        created_at,
        paid_at,
        buyer_id,
        ship_region,
        is_excluded,
        qty,
        cast(list_price as decimal(18, 4)) as list_price,
        cast(below_list as decimal(18, 4)) as below_list,
        cast(remaining as decimal(18, 4)) as remaining,
        line_paid,
        line_platform,
        line_refunded,
        line_markdown,
        line_member,
        line_coupon_item,
        line_coupon_shop,
        line_tier_amount,
        line_coupon_platform,
        line_redpack,
        order_paid,
        order_platform,
        order_refunded,
        refunded_at,
        order_markdown,
        order_coupon_shop,
        order_coupon_platform,
        order_points,
        order_redpack,
    from stated
)

select * from final
order by order_id, row
