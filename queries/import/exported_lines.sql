-- purpose: the lines of an export with their own money: what belongs to the whole order is
--   apportioned to its lines by their amounts, half up to the cent, the last line takes the tail
-- grain: order_id, row
-- inputs: stated_lines, shared_lines
-- params: refunds_by_state boolean
-- outputs:
--   order_id varchar, order number
--   row bigint, row of the export
--   sheet bigint, which file of the import
--   line_no bigint, line of the order, from its first row on
--   line_id varchar, the platform's number of the line
--   item_key varchar, what identifies the product in its store
--   reason varchar, why it is no sale: unpaid, no_order, no_quantity, no_amount, no_time; else null
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
with apportioned as (
    select
        lines.*,
        lines.row - coalesce(shared.first_row, lines.row) + 1 as line_no,
        case when shared.order_id is null then lines.order_paid else shared.paid_part end
            as paid_part,
        case when shared.order_id is null then lines.order_platform else shared.platform_part end
            as platform_part,
        case when shared.order_id is null then lines.order_markdown else shared.markdown_part end
            as markdown_part,
        case
            when shared.order_id is null then lines.order_coupon_shop else shared.coupon_shop_part
        end as coupon_shop_part,
        case
            when shared.order_id is null then lines.order_coupon_platform else
                shared.coupon_platform_part
        end as coupon_platform_part,
        case when shared.order_id is null then lines.order_points else shared.points_part end
            as points_part,
        case when shared.order_id is null then lines.order_redpack else shared.redpack_part end
            as redpack_part,
        case when shared.order_id is null then lines.order_refunded else shared.refund_part end
            as refund_part,
    from stated_lines as lines
    left join shared_lines as shared
        on lines.order_id = shared.order_id and lines.row = shared.row
),

paid_lines as (
    select
        *,
        coalesce(line_paid, paid_part) as paid_amount,
        coalesce(line_platform, platform_part) as platform_amount,
    from apportioned
),

refunded as (
    select
        *,
        case
            when line_refunded is not null then line_refunded
            when state = 'refunded' then paid_amount
            when order_refunded is not null then least(coalesce(refund_part, 0), paid_amount)
            when $refunds_by_state then 0
        end as refunded_amount,
    from paid_lines
),

final as (
    select
        order_id,
        row,
        sheet,
        line_no,
        line_id,
        item_key,
        case
            when not has_order then 'no_order'
            when state = 'unpaid' then 'unpaid'
            when coalesce(qty, 0) <= 0 then 'no_quantity'
            when coalesce(paid_amount, -1) < 0 then 'no_amount'
            when paid_at is null and created_at is null then 'no_time'
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
