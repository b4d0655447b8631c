-- purpose: the lines of an export with their own money: what belongs to the whole order is
--   apportioned to its lines by their amounts, half up to the cent, the last line takes the tail
-- grain: order_id, row
-- inputs: export_lines, known_orders
-- params: refunds_by_state boolean
-- outputs:
--   order_id varchar, order number
--   row bigint, row of the export
--   sheet bigint, which file of the import
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
-- source: DATA order_lines, domain rules of apportioning, METHODS 4
with latest as (
    select *
    from export_lines
    qualify sheet = max(sheet) over (partition by order_id)
),

joined as (
    select
        latest.* exclude (state),
        orders.order_id is not null as has_order,
        coalesce(latest.state, orders.state) as state,
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
        coalesce(latest.line_amount, latest.unit_price * latest.qty) as amount,
    from latest
    left join known_orders as orders on latest.order_id = orders.order_id
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

weighed as (
    select
        *,
        cast(
            100 * case when sum(remaining) over orders > 0 then remaining else qty end as hugeint
        ) as weight,
        row = max(row) over orders as is_last,
    from stated
    window orders as (partition by order_id)
),

shared as (
    select
        *,
        (2 * cast(order_paid * 100 as hugeint) * weight + sum(weight) over orders)
        // nullif(2 * sum(weight) over orders, 0) as paid_cents,
        (2 * cast(order_platform * 100 as hugeint) * weight + sum(weight) over orders)
        // nullif(2 * sum(weight) over orders, 0) as platform_cents,
        (2 * cast(order_markdown * 100 as hugeint) * weight + sum(weight) over orders)
        // nullif(2 * sum(weight) over orders, 0) as markdown_cents,
        (2 * cast(order_coupon_shop * 100 as hugeint) * weight + sum(weight) over orders)
        // nullif(2 * sum(weight) over orders, 0) as coupon_shop_cents,
        (2 * cast(order_coupon_platform * 100 as hugeint) * weight + sum(weight) over orders)
        // nullif(2 * sum(weight) over orders, 0) as coupon_platform_cents,
        (2 * cast(order_points * 100 as hugeint) * weight + sum(weight) over orders)
        // nullif(2 * sum(weight) over orders, 0) as points_cents,
        (2 * cast(order_redpack * 100 as hugeint) * weight + sum(weight) over orders)
        // nullif(2 * sum(weight) over orders, 0) as redpack_cents,
    from weighed
    window orders as (partition by order_id)
),

apportioned as (
    select
        *,
        case
            when is_last
                then order_paid + 0.01 * (paid_cents - sum(paid_cents) over orders)
            else 0.01 * paid_cents
        end as paid_part,
        case
            when is_last
                then order_platform + 0.01 * (platform_cents - sum(platform_cents) over orders)
            else 0.01 * platform_cents
        end as platform_part,
        case
            when is_last
                then order_markdown + 0.01 * (markdown_cents - sum(markdown_cents) over orders)
            else 0.01 * markdown_cents
        end as markdown_part,
        case
            when is_last
                then
                    order_coupon_shop
                    + 0.01 * (coupon_shop_cents - sum(coupon_shop_cents) over orders)
            else 0.01 * coupon_shop_cents
        end as coupon_shop_part,
        case
            when is_last
                then
                    order_coupon_platform
                    + 0.01 * (coupon_platform_cents - sum(coupon_platform_cents) over orders)
            else 0.01 * coupon_platform_cents
        end as coupon_platform_part,
        case
            when is_last
                then order_points + 0.01 * (points_cents - sum(points_cents) over orders)
            else 0.01 * points_cents
        end as points_part,
        case
            when is_last
                then order_redpack + 0.01 * (redpack_cents - sum(redpack_cents) over orders)
            else 0.01 * redpack_cents
        end as redpack_part,
    from shared
    window orders as (partition by order_id)
),

paid_lines as (
    select
        *,
        coalesce(line_paid, paid_part) as paid_amount,
        coalesce(line_platform, platform_part) as platform_amount,
        state = 'refunded' and line_refunded is null as is_returned,
    from apportioned
),

kept_lines as (
    select
        *,
        case when is_returned then 0 else paid_amount end as kept_amount,
        greatest(
            order_refunded
            - sum(case when is_returned then paid_amount else 0 end)
                over (partition by order_id),
            0
        ) as refund_left,
        row = max(case when not is_returned then row end) over (partition by order_id)
            as is_last_kept,
    from paid_lines
),

refund_weights as (
    select
        *,
        cast(refund_left * 100 as hugeint) as refund_cents,
        cast(kept_amount * 100 as hugeint) as kept_cents,
        cast(sum(kept_amount) over (partition by order_id) * 100 as hugeint) as order_kept_cents,
    from kept_lines
),

refund_shares as (
    select
        *,
        (2 * refund_cents * kept_cents + order_kept_cents)
        // nullif(2 * order_kept_cents, 0) as share_cents,
    from refund_weights
),

refunded as (
    select
        *,
        case
            when line_refunded is not null then line_refunded
            when is_returned then paid_amount
            when order_refunded is not null
                then least(
                    0.01 * share_cents + case
                        when is_last_kept
                            then refund_left - 0.01 * sum(share_cents) over orders
                        else 0
                    end,
                    paid_amount
                )
            when $refunds_by_state then 0
        end as refunded_amount,
    from refund_shares
    window orders as (partition by order_id)
),

final as (
    select
        order_id,
        row,
        sheet,
        line_id,
        item_key,
        case
            when not has_order then 'no_order'
            when state = 'unpaid' then 'unpaid'
            when coalesce(qty, 0) <= 0 then 'no_quantity'
            when paid_amount is null then 'no_amount'
        end as reason,
        cast(coalesce(created_at, paid_at) as date) as placed_on,
        coalesce(paid_at, created_at) as ordered_at,
        qty,
        cast(coalesce(list_price, paid_amount / nullif(qty, 0)) as decimal(18, 4)) as list_price,
        cast(paid_amount as decimal(18, 4)) as paid_amount,
        cast(
            case
                when below_list > 0
                    then coalesce(line_markdown, 0) + coalesce(markdown_part, 0) + below_list
                when line_markdown is null then markdown_part
                else line_markdown + coalesce(markdown_part, 0)
            end as decimal(18, 4)
        ) as discount_markdown,
        line_member as discount_member,
        line_coupon_item as discount_coupon_item,
        cast(
            case
                when line_coupon_shop is null then coupon_shop_part
                else line_coupon_shop + coalesce(coupon_shop_part, 0)
            end as decimal(18, 4)
        ) as discount_coupon_shop,
        line_tier_amount as discount_tier_amount,
        cast(
            case
                when line_coupon_platform is null then coupon_platform_part
                else line_coupon_platform + coalesce(coupon_platform_part, 0)
            end as decimal(18, 4)
        ) as discount_coupon_platform,
        cast(points_part as decimal(18, 4)) as discount_points,
        cast(
            case
                when line_redpack is null then redpack_part
                else line_redpack + coalesce(redpack_part, 0)
            end as decimal(18, 4)
        ) as discount_redpack,
        cast(platform_amount as decimal(18, 4)) as platform_amount,
        buyer_id,
        cast(refunded_amount as decimal(18, 4)) as refunded_amount,
        refunded_at,
        ship_region,
        is_excluded,
    from refunded
)

select * from final
order by order_id, row
