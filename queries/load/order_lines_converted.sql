-- purpose: order lines with their money in the currency of the workspace
-- grain: store_id, order_id, line_no
-- inputs: order_lines, stores, fx_by_day
-- params: none
-- outputs:
--   order_id varchar, order number
--   line_no bigint, line of the order
--   store_id varchar, store
--   sku varchar, product
--   ordered_at timestamp, time of payment, the store's local time
--   qty decimal(18,3), pieces or weight, > 0
--   list_price decimal(18,4), regular price of one unit that day
--   paid_amount decimal(18,4), what the consumer paid for the line after every discount
--   discount_markdown decimal(18,4), discount by markdown 直降
--   discount_flash decimal(18,4), discount by flash 秒杀
--   discount_subsidy decimal(18,4), discount by subsidy 百亿补贴
--   discount_official_cut decimal(18,4), discount by official_cut 官方立减
--   discount_member decimal(18,4), discount by member 会员价
--   discount_group decimal(18,4), discount by group 拼团
--   discount_presale decimal(18,4), discount by presale 预售定金膨胀
--   discount_new_customer decimal(18,4), discount by new_customer 新客礼金
--   discount_coupon_item decimal(18,4), discount by coupon_item 商品券
--   discount_coupon_shop decimal(18,4), discount by coupon_shop 店铺券
--   discount_tier_amount decimal(18,4), discount by tier_amount 满减
--   discount_tier_qty decimal(18,4), discount by tier_qty 满件折
--   discount_bundle decimal(18,4), discount by bundle 套餐
--   discount_gift decimal(18,4), discount by gift 买赠
--   discount_tier_cross decimal(18,4), discount by tier_cross 跨店满减
--   discount_coupon_platform decimal(18,4), discount by coupon_platform 平台券
--   discount_points decimal(18,4), discount by points 积分抵扣
--   discount_redpack decimal(18,4), discount by redpack 红包
--   discount_shipping decimal(18,4), discount by shipping 运费券
--   discount_subscribe decimal(18,4), discount by subscribe 订阅省
--   discount_cashback decimal(18,4), discount by cashback 返现
--   discount_trade_in decimal(18,4), discount by trade_in 以旧换新
--   platform_amount decimal(18,4), part of the discounts refunded to the merchant
--   buyer_id varchar, salted hash; null = guest or masked
--   refunded_amount decimal(18,4), money given back
--   refunded_at timestamp, time of the refund
--   promo_id varchar, promotion
--   ship_region varchar, province or country of delivery
--   is_excluded boolean, orders to leave out: fake, staff, test
--   _row bigint, row number in the source
-- source: DATA stores.currency, fx
with lines as (
    select * from order_lines
),

rates as (
    select * from fx_by_day
),

priced as (
    select
        lines.*,
        coalesce(rates.rate, 1) as rate,
    from lines
    left join stores on lines.store_id = stores.store_id
    left join rates
        on stores.currency = rates.currency and cast(lines.ordered_at as date) = rates.day
),

final as (
    select
        order_id,
        line_no,
        store_id,
        sku,
        ordered_at,
        qty,
        cast(list_price * rate as decimal(18, 4)) as list_price,
        cast(paid_amount * rate as decimal(18, 4)) as paid_amount,
        cast(discount_markdown * rate as decimal(18, 4)) as discount_markdown,
        cast(discount_flash * rate as decimal(18, 4)) as discount_flash,
        cast(discount_subsidy * rate as decimal(18, 4)) as discount_subsidy,
        cast(discount_official_cut * rate as decimal(18, 4)) as discount_official_cut,
        cast(discount_member * rate as decimal(18, 4)) as discount_member,
        cast(discount_group * rate as decimal(18, 4)) as discount_group,
        cast(discount_presale * rate as decimal(18, 4)) as discount_presale,
        cast(discount_new_customer * rate as decimal(18, 4)) as discount_new_customer,
        cast(discount_coupon_item * rate as decimal(18, 4)) as discount_coupon_item,
        cast(discount_coupon_shop * rate as decimal(18, 4)) as discount_coupon_shop,
        cast(discount_tier_amount * rate as decimal(18, 4)) as discount_tier_amount,
        cast(discount_tier_qty * rate as decimal(18, 4)) as discount_tier_qty,
        cast(discount_bundle * rate as decimal(18, 4)) as discount_bundle,
        cast(discount_gift * rate as decimal(18, 4)) as discount_gift,
        cast(discount_tier_cross * rate as decimal(18, 4)) as discount_tier_cross,
        cast(discount_coupon_platform * rate as decimal(18, 4)) as discount_coupon_platform,
        cast(discount_points * rate as decimal(18, 4)) as discount_points,
        cast(discount_redpack * rate as decimal(18, 4)) as discount_redpack,
        cast(discount_shipping * rate as decimal(18, 4)) as discount_shipping,
        cast(discount_subscribe * rate as decimal(18, 4)) as discount_subscribe,
        cast(discount_cashback * rate as decimal(18, 4)) as discount_cashback,
        cast(discount_trade_in * rate as decimal(18, 4)) as discount_trade_in,
        cast(platform_amount * rate as decimal(18, 4)) as platform_amount,
        buyer_id,
        cast(refunded_amount * rate as decimal(18, 4)) as refunded_amount,
        refunded_at,
        promo_id,
        ship_region,
        is_excluded,
        _row,
    from priced
)

select * from final
order by _row
