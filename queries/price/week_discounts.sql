-- purpose: what each mechanism took off the lines of each store, product and week of the period
-- grain: store_id, sku, week_start, mechanism
-- inputs: member_sku_discounts
-- params: none
-- outputs:
--   store_id varchar, the store
--   sku varchar, the product
--   week_start date, Monday of the week
--   mechanism varchar, mechanism code
--   discount_amount double, money taken off by it, above 0
-- source: METHODS 2 "Price order"
with discounts as (
    select
        store_id,
        sku,
        week_start,
        unnest([
            {
                'mechanism': 'markdown',
                'amount': discount_markdown
            },
            {
                'mechanism': 'flash',
                'amount': discount_flash
            },
            {
                'mechanism': 'subsidy',
                'amount': discount_subsidy
            },
            {
                'mechanism': 'official_cut',
                'amount': discount_official_cut
            },
            {
                'mechanism': 'member',
                'amount': discount_member
            },
            {
                'mechanism': 'group',
                'amount': discount_group
            },
            {
                'mechanism': 'presale',
                'amount': discount_presale
            },
            {
                'mechanism': 'new_customer',
                'amount': discount_new_customer
            },
            {
                'mechanism': 'coupon_item',
                'amount': discount_coupon_item
            },
            {
                'mechanism': 'coupon_shop',
                'amount': discount_coupon_shop
            },
            {
                'mechanism': 'tier_amount',
                'amount': discount_tier_amount
            },
            {
                'mechanism': 'tier_qty',
                'amount': discount_tier_qty
            },
            {
                'mechanism': 'bundle',
                'amount': discount_bundle
            },
            {
                'mechanism': 'tier_cross',
                'amount': discount_tier_cross
            },
            {
                'mechanism': 'coupon_platform',
                'amount': discount_coupon_platform
            },
            {
                'mechanism': 'points',
                'amount': discount_points
            },
            {
                'mechanism': 'redpack',
                'amount': discount_redpack
            },
            {
                'mechanism': 'subscribe',
                'amount': discount_subscribe
            }
        ]) as part,
    from member_sku_discounts
    where span = 'period'
),

final as (
    select
        store_id,
        sku,
        week_start,
        part['mechanism'] as mechanism,
        cast(sum(part['amount']) as double) as discount_amount,
    from discounts
    where part['amount'] > 0
    group by store_id, sku, week_start, part['mechanism']
)

select * from final
order by store_id, sku, week_start, mechanism
