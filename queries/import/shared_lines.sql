-- purpose: what belongs to a whole order of several lines, apportioned to them by their amounts:
--   half up to the cent, the last line takes the tail; lines without a price by their pieces
-- grain: order_id, row
-- inputs: export_lines, stated_lines
-- params: none
-- outputs:
--   order_id varchar, order number
--   row bigint, row of the export
--   first_row bigint, first row of the order
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
    select
        order_id,
        min(row) as first_row,
        max(row) as last_row,
    from export_lines
    group by order_id
    having count(*) > 1
),

stated as (
    select
        lines.order_id,
        lines.row,
        several.first_row,
        lines.row = several.last_row as is_last,
        lines.qty,
        lines.remaining,
        lines.line_paid,
        lines.state = 'refunded' and lines.line_refunded is null as is_returned,
        lines.order_refunded,
        lines.order_paid,
        lines.order_platform,
        lines.order_markdown,
        lines.order_coupon_shop,
        lines.order_coupon_platform,
        lines.order_points,
        lines.order_redpack,
    from stated_lines as lines
    inner join several on lines.order_id = several.order_id
),

totals as (
    select
        order_id,
        sum(remaining) > 0 as has_price,
        cast(100 * sum(remaining) as hugeint) as price_weights,
        cast(100 * sum(qty) as hugeint) as piece_weights,
    from stated
    group by order_id
),

weighed as (
    select
        stated.*,
        cast(
            100 * case when totals.has_price then stated.remaining else stated.qty end as hugeint
        ) as weight,
        nullif(
            case when totals.has_price then totals.price_weights else totals.piece_weights end, 0
        ) as weights,
    from stated
    inner join totals on stated.order_id = totals.order_id
),

shared as (
    select
        *,
        (2 * cast(order_paid * 100 as hugeint) * weight + weights) // nullif(2 * weights, 0)
            as paid_cents,
        (2 * cast(order_platform * 100 as hugeint) * weight + weights) // nullif(2 * weights, 0)
            as platform_cents,
        (2 * cast(order_markdown * 100 as hugeint) * weight + weights) // nullif(2 * weights, 0)
            as markdown_cents,
        (2 * cast(order_coupon_shop * 100 as hugeint) * weight + weights) // nullif(2 * weights, 0)
            as coupon_shop_cents,
        (2 * cast(order_coupon_platform * 100 as hugeint) * weight + weights)
        // nullif(2 * weights, 0)
            as coupon_platform_cents,
        (2 * cast(order_points * 100 as hugeint) * weight + weights) // nullif(2 * weights, 0)
            as points_cents,
        (2 * cast(order_redpack * 100 as hugeint) * weight + weights) // nullif(2 * weights, 0)
            as redpack_cents,
    from weighed
),

sums as (
    select
        order_id,
        sum(paid_cents) as paid_cents,
        sum(platform_cents) as platform_cents,
        sum(markdown_cents) as markdown_cents,
        sum(coupon_shop_cents) as coupon_shop_cents,
        sum(coupon_platform_cents) as coupon_platform_cents,
        sum(points_cents) as points_cents,
        sum(redpack_cents) as redpack_cents,
    from shared
    group by order_id
),

apportioned as (
    select
        shared.order_id,
        shared.row,
        shared.first_row,
        shared.line_paid,
        shared.is_returned,
        shared.order_refunded,
        0.01 * shared.paid_cents + case
            when shared.is_last then shared.order_paid - 0.01 * sums.paid_cents else 0
        end as paid_part,
        0.01 * shared.platform_cents + case
            when shared.is_last then shared.order_platform - 0.01 * sums.platform_cents else 0
        end as platform_part,
        0.01 * shared.markdown_cents + case
            when shared.is_last then shared.order_markdown - 0.01 * sums.markdown_cents else 0
        end as markdown_part,
        0.01 * shared.coupon_shop_cents + case
            when shared.is_last then shared.order_coupon_shop - 0.01 * sums.coupon_shop_cents else 0
        end as coupon_shop_part,
        0.01 * shared.coupon_platform_cents + case
            when
                shared.is_last
                then shared.order_coupon_platform - 0.01 * sums.coupon_platform_cents
            else 0
        end as coupon_platform_part,
        0.01 * shared.points_cents + case
            when shared.is_last then shared.order_points - 0.01 * sums.points_cents else 0
        end as points_part,
        0.01 * shared.redpack_cents + case
            when shared.is_last then shared.order_redpack - 0.01 * sums.redpack_cents else 0
        end as redpack_part,
    from shared
    inner join sums on shared.order_id = sums.order_id
),

paid_lines as (
    select
        *,
        case when is_returned then 0 else coalesce(line_paid, paid_part) end as kept_amount,
    from apportioned
),

kept as (
    select
        order_id,
        greatest(
            max(order_refunded)
            - coalesce(sum(coalesce(line_paid, paid_part)) filter (where is_returned), 0),
            0
        ) as refund_left,
        cast(100 * sum(kept_amount) as hugeint) as kept_cents,
        max(row) filter (where not is_returned) as last_row,
    from paid_lines
    group by order_id
),

refund_shares as (
    select
        paid_lines.*,
        kept.refund_left,
        paid_lines.row = kept.last_row as is_last_kept,
        (
            2 * cast(100 * kept.refund_left as hugeint)
            * cast(100 * paid_lines.kept_amount as hugeint) + kept.kept_cents
        ) // nullif(2 * kept.kept_cents, 0) as share_cents,
    from paid_lines
    inner join kept on paid_lines.order_id = kept.order_id
),

refund_sums as (
    select
        order_id,
        sum(share_cents) as share_cents,
    from refund_shares
    group by order_id
),

final as (
    select
        shares.order_id,
        shares.row,
        shares.first_row,
        cast(shares.paid_part as decimal(18, 4)) as paid_part,
        cast(shares.platform_part as decimal(18, 4)) as platform_part,
        cast(shares.markdown_part as decimal(18, 4)) as markdown_part,
        cast(shares.coupon_shop_part as decimal(18, 4)) as coupon_shop_part,
        cast(shares.coupon_platform_part as decimal(18, 4)) as coupon_platform_part,
        cast(shares.points_part as decimal(18, 4)) as points_part,
        cast(shares.redpack_part as decimal(18, 4)) as redpack_part,
        cast(
            0.01 * shares.share_cents + case
                when shares.is_last_kept then shares.refund_left - 0.01 * refund_sums.share_cents
                else 0
            end as decimal(18, 4)
        ) as refund_part,
    from refund_shares as shares
    inner join refund_sums on shares.order_id = refund_sums.order_id
)

select * from final
order by order_id, row
