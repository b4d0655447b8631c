-- purpose: the lines of one store as the contract has them: each product of an export is a product
--   of the brand times pieces, a bundle several; refunds of after-sales exports are added
-- grain: order_id, line_no
-- inputs: exported_lines, item_matches, refunds
-- params: store varchar
-- outputs:
--   store_id varchar, store
--   order_id varchar, order number
--   line_no bigint, line of the order; the parts of a bundle one after the other
--   sku varchar, product
--   ordered_at timestamp, time of payment, the store's local time
--   qty decimal(18,3), pieces
--   list_price decimal(18,4), regular price of one piece that day
--   paid_amount decimal(18,4), what the consumer paid for the line after every discount
--   discount_markdown decimal(18,4), discount by markdown
--   discount_member decimal(18,4), discount by member
--   discount_coupon_item decimal(18,4), discount by coupon_item
--   discount_coupon_shop decimal(18,4), discount by coupon_shop
--   discount_tier_amount decimal(18,4), discount by tier_amount
--   discount_coupon_platform decimal(18,4), discount by coupon_platform
--   discount_points decimal(18,4), discount by points
--   discount_redpack decimal(18,4), discount by redpack
--   platform_amount decimal(18,4), part of the discounts refunded to the merchant
--   buyer_id varchar, salted hash; null = guest or masked
--   refunded_amount decimal(18,4), money given back; null = not known
--   refunded_at timestamp, time of the refund
--   ship_region varchar, province or country of delivery
--   is_excluded boolean, marked as a fake order
-- source: DATA order_lines
with sold as (
    select exported_lines.*
    from exported_lines
    where exported_lines.reason is null
),

refunded as (
    select
        order_id,
        line_id,
        sum(refunded_amount) as amount,
        max(refunded_at) as refunded_at,
    from refunds
    group by order_id, line_id
),

parts as (
    select max(component) as most from item_matches
),

lines as (
    select
        sold.* exclude (refunded_amount, refunded_at),
        case
            when refunded.amount is null then sold.refunded_amount
            else
                greatest(
                    coalesce(sold.refunded_amount, 0), least(refunded.amount, sold.paid_amount)
                )
        end as refunded_amount,
        coalesce(refunded.refunded_at, sold.refunded_at) as refunded_at,
    from sold
    left join refunded
        on sold.order_id = refunded.order_id and sold.line_id = refunded.line_id
),

matched as (
    select
        lines.*,
        item_matches.sku,
        item_matches.component,
        parts.most,
        item_matches.pieces,
        item_matches.share_before as low,
        item_matches.share_until as high,
    from lines
    inner join item_matches on lines.item_key = item_matches.item_key
    cross join parts
),

final as (
    select
        $store as store_id,
        order_id,
        (line_no - 1) * most + component as line_no,
        sku,
        ordered_at,
        cast(qty * pieces as decimal(18, 3)) as qty,
        cast(list_price * (high - low) / nullif(pieces, 0) as decimal(18, 4))
            as list_price,
        cast(
            case when high = 1 then paid_amount else round(paid_amount * high, 2) end
            - case when low = 0 then 0 else round(paid_amount * low, 2) end
            as decimal(18, 4)
        ) as paid_amount,
        cast(
            case when high = 1 then discount_markdown else round(discount_markdown * high, 2) end
            - case when low = 0 then 0 else round(discount_markdown * low, 2) end
            as decimal(18, 4)
        ) as discount_markdown,
        cast(
            case when high = 1 then discount_member else round(discount_member * high, 2) end
            - case when low = 0 then 0 else round(discount_member * low, 2) end
            as decimal(18, 4)
        ) as discount_member,
        cast(
            case
                when high = 1 then discount_coupon_item else round(discount_coupon_item * high, 2)
            end
            - case when low = 0 then 0 else round(discount_coupon_item * low, 2) end
            as decimal(18, 4)
        ) as discount_coupon_item,
        cast(
            case
                when high = 1 then discount_coupon_shop else round(discount_coupon_shop * high, 2)
            end
            - case when low = 0 then 0 else round(discount_coupon_shop * low, 2) end
            as decimal(18, 4)
        ) as discount_coupon_shop,
        cast(
            case
                when high = 1 then discount_tier_amount else round(discount_tier_amount * high, 2)
            end
            - case when low = 0 then 0 else round(discount_tier_amount * low, 2) end
            as decimal(18, 4)
        ) as discount_tier_amount,
        cast(
            case
                when high = 1 then discount_coupon_platform else
                    round(discount_coupon_platform * high, 2)
            end
            - case when low = 0 then 0 else round(discount_coupon_platform * low, 2) end
            as decimal(18, 4)
        ) as discount_coupon_platform,
        cast(
            case when high = 1 then discount_points else round(discount_points * high, 2) end
            - case when low = 0 then 0 else round(discount_points * low, 2) end
            as decimal(18, 4)
        ) as discount_points,
        cast(
            case when high = 1 then discount_redpack else round(discount_redpack * high, 2) end
            - case when low = 0 then 0 else round(discount_redpack * low, 2) end
            as decimal(18, 4)
        ) as discount_redpack,
        cast(
            case when high = 1 then platform_amount else round(platform_amount * high, 2) end
            - case when low = 0 then 0 else round(platform_amount * low, 2) end
            as decimal(18, 4)
        ) as platform_amount,
        buyer_id,
        cast(
            case when high = 1 then refunded_amount else round(refunded_amount * high, 2) end
            - case when low = 0 then 0 else round(refunded_amount * low, 2) end
            as decimal(18, 4)
        ) as refunded_amount,
        refunded_at,
        ship_region,
        is_excluded,
    from matched
)

select * from final
order by order_id, line_no
