-- purpose: what each store sold of each product by cell, with its discounts by mechanism and its
--   refunds, in the period and in the one it is compared with
-- grain: store_id, sku, span, first_day
-- inputs: sku_discounts
-- params: none
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
-- source: METHODS 4
with final as (
    select * from sku_discounts
)

select * from final
order by store_id, sku, span, first_day
