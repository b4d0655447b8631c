-- purpose: discounts of each store on lines of which nobody says what the platform bears of them
-- grain: store_id
-- inputs: order_lines
-- params: first date, last date
-- parts: add
-- outputs:
--   store_id varchar, the store
--   discount_amount decimal(18,4), list minus paid of such lines
--   discount_markdown decimal(18,4), of that by markdown, null = none given
--   discount_flash decimal(18,4), of that by flash, null = none given
--   discount_subsidy decimal(18,4), of that by subsidy, null = none given
--   discount_official_cut decimal(18,4), of that by official_cut, null = none given
--   discount_member decimal(18,4), of that by member, null = none given
--   discount_group decimal(18,4), of that by group, null = none given
--   discount_presale decimal(18,4), of that by presale, null = none given
--   discount_new_customer decimal(18,4), of that by new_customer, null = none given
--   discount_coupon_item decimal(18,4), of that by coupon_item, null = none given
--   discount_coupon_shop decimal(18,4), of that by coupon_shop, null = none given
--   discount_tier_amount decimal(18,4), of that by tier_amount, null = none given
--   discount_tier_qty decimal(18,4), of that by tier_qty, null = none given
--   discount_bundle decimal(18,4), of that by bundle, null = none given
--   discount_tier_cross decimal(18,4), of that by tier_cross, null = none given
--   discount_coupon_platform decimal(18,4), of that by coupon_platform, null = none given
--   discount_points decimal(18,4), of that by points, null = none given
--   discount_redpack decimal(18,4), of that by redpack, null = none given
--   discount_subscribe decimal(18,4), of that by subscribe, null = none given
-- source: METHODS 3 "funding split"
with lines as (
    select
        store_id,
        cast(
            round(cast(qty as double) * cast(list_price as double), 4) as decimal(18, 4)
        ) - paid_amount as discount_amount,
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
    where
        not coalesce(is_excluded, false)
        and platform_amount is null
        and cast(ordered_at as date) >= $first
        and cast(ordered_at as date) <= $last
),

final as (
    select
        store_id,
        cast(sum(discount_amount) as decimal(18, 4)) as discount_amount,
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
    from lines
    group by store_id
)

select * from final
order by store_id
