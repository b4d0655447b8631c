-- purpose: units, list value, discounts by mechanism and refunds of each store, product and cell,
--   in the period and in the one it is compared with
-- grain: store_id, sku, span, first_day
-- inputs: order_lines, span_days
-- params: none
-- parts: add
-- outputs:
--   store_id varchar, the store
--   sku varchar, the product
--   span varchar, period or before
--   week_start date, Monday of the week
--   first_day date, first day of the cell: a week, cut where stores open or close
--   units decimal(18,3), pieces sold
--   list_amount decimal(18,4), pieces at list price
--   paid_amount decimal(18,4), what consumers paid
--   platform_amount decimal(18,4), part of the discounts refunded to the merchant, null = not known
--   refunded_amount decimal(18,4), money given back, null = not known
--   discount_markdown decimal(18,4), discount by markdown, null = none given
--   discount_flash decimal(18,4), discount by flash, null = none given
--   discount_subsidy decimal(18,4), discount by subsidy, null = none given
--   discount_official_cut decimal(18,4), discount by official_cut, null = none given
--   discount_member decimal(18,4), discount by member, null = none given
--   discount_group decimal(18,4), discount by group, null = none given
--   discount_presale decimal(18,4), discount by presale, null = none given
--   discount_new_customer decimal(18,4), discount by new_customer, null = none given
--   discount_coupon_item decimal(18,4), discount by coupon_item, null = none given
--   discount_coupon_shop decimal(18,4), discount by coupon_shop, null = none given
--   discount_tier_amount decimal(18,4), discount by tier_amount, null = none given
--   discount_tier_qty decimal(18,4), discount by tier_qty, null = none given
--   discount_bundle decimal(18,4), discount by bundle, null = none given
--   discount_tier_cross decimal(18,4), discount by tier_cross, null = none given
--   discount_coupon_platform decimal(18,4), discount by coupon_platform, null = none given
--   discount_points decimal(18,4), discount by points, null = none given
--   discount_redpack decimal(18,4), discount by redpack, null = none given
--   discount_subscribe decimal(18,4), discount by subscribe, null = none given
-- source: METHODS 4, rule 5
with lines as (
    select
        store_id,
        sku,
        cast(ordered_at as date) as day,
        qty,
        cast(
            round(cast(qty as double) * cast(list_price as double), 4) as decimal(18, 4)
        ) as list_amount,
        paid_amount,
        platform_amount,
        refunded_amount,
        discount_markdown,
        discount_flash,
        discount_subsidy,
        discount_official_cut,
        discount_member,
        discount_group,
        discount_presale,
        discount_new_customer,
        discount_coupon_item,
        discount_coupon_shop,
        discount_tier_amount,
        discount_tier_qty,
        discount_bundle,
        discount_tier_cross,
        discount_coupon_platform,
        discount_points,
        discount_redpack,
        discount_subscribe,
    from order_lines
    where not coalesce(is_excluded, false)
),

cells as (
    select
        lines.*,
        span_days.span,
        span_days.week_start,
        span_days.first_day,
    from lines
    inner join span_days on lines.day = span_days.day
),

final as (
    select
        store_id,
        sku,
        span,
        week_start,
        first_day,
        cast(sum(qty) as decimal(18, 3)) as units,
        cast(sum(list_amount) as decimal(18, 4)) as list_amount,
        cast(sum(paid_amount) as decimal(18, 4)) as paid_amount,
        cast(sum(platform_amount) as decimal(18, 4)) as platform_amount,
        cast(sum(refunded_amount) as decimal(18, 4)) as refunded_amount,
        cast(sum(discount_markdown) as decimal(18, 4)) as discount_markdown,
        cast(sum(discount_flash) as decimal(18, 4)) as discount_flash,
        cast(sum(discount_subsidy) as decimal(18, 4)) as discount_subsidy,
        cast(sum(discount_official_cut) as decimal(18, 4)) as discount_official_cut,
        cast(sum(discount_member) as decimal(18, 4)) as discount_member,
        cast(sum(discount_group) as decimal(18, 4)) as discount_group,
        cast(sum(discount_presale) as decimal(18, 4)) as discount_presale,
        cast(sum(discount_new_customer) as decimal(18, 4)) as discount_new_customer,
        cast(sum(discount_coupon_item) as decimal(18, 4)) as discount_coupon_item,
        cast(sum(discount_coupon_shop) as decimal(18, 4)) as discount_coupon_shop,
        cast(sum(discount_tier_amount) as decimal(18, 4)) as discount_tier_amount,
        cast(sum(discount_tier_qty) as decimal(18, 4)) as discount_tier_qty,
        cast(sum(discount_bundle) as decimal(18, 4)) as discount_bundle,
        cast(sum(discount_tier_cross) as decimal(18, 4)) as discount_tier_cross,
        cast(sum(discount_coupon_platform) as decimal(18, 4)) as discount_coupon_platform,
        cast(sum(discount_points) as decimal(18, 4)) as discount_points,
        cast(sum(discount_redpack) as decimal(18, 4)) as discount_redpack,
        cast(sum(discount_subscribe) as decimal(18, 4)) as discount_subscribe,
    from cells
    group by store_id, sku, span, week_start, first_day
)

select * from final
order by store_id, sku, span, first_day
