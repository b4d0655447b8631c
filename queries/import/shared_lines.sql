-- purpose: what belongs to a whole order of several lines, apportioned to them by their amounts:
--   half up to the cent, the last line takes the tail; lines without a price by their pieces
-- grain: order_id, row
-- inputs: stated_lines
-- params: none
-- outputs:
--   order_id varchar, order number
--   row bigint, row of the export
--   paid_part decimal(18,4), paid by the consumer
--   platform_part decimal(18,4), refunded to the merchant
--   markdown_part decimal(18,4), discount by markdown
--   coupon_shop_part decimal(18,4), discount by coupon_shop
--   coupon_platform_part decimal(18,4), discount by coupon_platform
--   points_part decimal(18,4), discount by points
--   redpack_part decimal(18,4), discount by redpack
--   refund_part decimal(18,4), given back, beyond lines that came back whole
-- source: DATA order_lines, METHODS 4
with several as (
    select order_id
    from stated_lines
    group by order_id
    having count(*) > 1
),

stated as (
    select stated_lines.*
    from stated_lines
    inner join several on stated_lines.order_id = several.order_id
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

final as (
    select
        order_id,
        row,
        cast(paid_part as decimal(18, 4)) as paid_part,
        cast(platform_part as decimal(18, 4)) as platform_part,
        cast(markdown_part as decimal(18, 4)) as markdown_part,
        cast(coupon_shop_part as decimal(18, 4)) as coupon_shop_part,
        cast(coupon_platform_part as decimal(18, 4)) as coupon_platform_part,
        cast(points_part as decimal(18, 4)) as points_part,
        cast(redpack_part as decimal(18, 4)) as redpack_part,
        cast(
            case
                when is_last_kept
                    then refund_left + 0.01 * (share_cents - sum(share_cents) over orders)
                else 0.01 * share_cents
            end as decimal(18, 4)
        ) as refund_part,
    from refund_shares
    window orders as (partition by order_id)
)

select * from final
order by order_id, row
