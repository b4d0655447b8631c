-- purpose: discounts of each store by promotion mechanism, and the list value each stands for; list
--   value without a discount stands under none, differences that no mechanism explains under
--   unexplained; what a store did not use has no row
-- grain: store_id, mechanism
-- inputs: mechanism_groups, merchant_shares, scope_members
-- params: none
-- outputs:
--   store_id varchar, the store
--   mechanism varchar, mechanism code, none or unexplained
--   discount_amount decimal(18,4), money taken off by it; of unexplained the signed rest
--   list_value decimal(18,4), list value it stands for, null = it stands beside the price
--   share_of_list double, list_value / list value of the store, null = it stands beside the price
--   share_of_discount double, discount_amount / (list - paid), null = it stands beside the price
--   merchant_share double, share borne by the merchant, mean over promotion days, null = not known
-- source: METHODS 3 "Mechanism mix", DATA "Mechanism codes"
with parts as (
    select
        store_id,
        unnest([
            {
                'mechanism': 'none',
                'discount_amount': cast(0 as decimal(18, 4)),
                'list_value': list_none
            },
            {
                'mechanism': 'markdown',
                'discount_amount': discount_markdown,
                'list_value': list_markdown
            },
            {
                'mechanism': 'flash',
                'discount_amount': discount_flash,
                'list_value': list_flash
            },
            {
                'mechanism': 'subsidy',
                'discount_amount': discount_subsidy,
                'list_value': list_subsidy
            },
            {
                'mechanism': 'official_cut',
                'discount_amount': discount_official_cut,
                'list_value': list_official_cut
            },
            {
                'mechanism': 'member',
                'discount_amount': discount_member,
                'list_value': list_member
            },
            {
                'mechanism': 'group',
                'discount_amount': discount_group,
                'list_value': list_group
            },
            {
                'mechanism': 'presale',
                'discount_amount': discount_presale,
                'list_value': list_presale
            },
            {
                'mechanism': 'new_customer',
                'discount_amount': discount_new_customer,
                'list_value': list_new_customer
            },
            {
                'mechanism': 'coupon_item',
                'discount_amount': discount_coupon_item,
                'list_value': list_coupon_item
            },
            {
                'mechanism': 'coupon_shop',
                'discount_amount': discount_coupon_shop,
                'list_value': list_coupon_shop
            },
            {
                'mechanism': 'tier_amount',
                'discount_amount': discount_tier_amount,
                'list_value': list_tier_amount
            },
            {
                'mechanism': 'tier_qty',
                'discount_amount': discount_tier_qty,
                'list_value': list_tier_qty
            },
            {
                'mechanism': 'bundle',
                'discount_amount': discount_bundle,
                'list_value': list_bundle
            },
            {
                'mechanism': 'gift',
                'discount_amount': discount_gift,
                'list_value': cast(null as decimal(18, 4))
            },
            {
                'mechanism': 'tier_cross',
                'discount_amount': discount_tier_cross,
                'list_value': list_tier_cross
            },
            {
                'mechanism': 'coupon_platform',
                'discount_amount': discount_coupon_platform,
                'list_value': list_coupon_platform
            },
            {
                'mechanism': 'points',
                'discount_amount': discount_points,
                'list_value': list_points
            },
            {
                'mechanism': 'redpack',
                'discount_amount': discount_redpack,
                'list_value': list_redpack
            },
            {
                'mechanism': 'shipping',
                'discount_amount': discount_shipping,
                'list_value': cast(null as decimal(18, 4))
            },
            {
                'mechanism': 'subscribe',
                'discount_amount': discount_subscribe,
                'list_value': list_subscribe
            },
            {
                'mechanism': 'cashback',
                'discount_amount': discount_cashback,
                'list_value': cast(null as decimal(18, 4))
            },
            {
                'mechanism': 'trade_in',
                'discount_amount': discount_trade_in,
                'list_value': cast(null as decimal(18, 4))
            },
            {
                'mechanism': 'unexplained',
                'discount_amount': unexplained_amount,
                'list_value': list_unexplained
            }
        ]) as part,
    from mechanism_groups
),

sums as (
    select
        store_id,
        part['mechanism'] as mechanism,
        sum(part['discount_amount']) as discount_amount,
        sum(part['list_value']) as list_value,
    from parts
    group by store_id, part['mechanism']
),

stores_in_all as (
    select
        store_id,
        sum(list_amount) as list_amount,
        sum(list_amount - paid_amount) as discount_amount,
    from mechanism_groups
    group by store_id
),

funding as (
    select
        scope_members.compared_id as store_id,
        merchant_shares.mechanism,
        sum(merchant_shares.merchant_share * merchant_shares.days)
        / nullif(cast(sum(merchant_shares.days) as double), 0) as merchant_share,
    from merchant_shares
    inner join scope_members on merchant_shares.store_id = scope_members.store_id
    group by scope_members.compared_id, merchant_shares.mechanism
),

final as (
    select
        sums.store_id,
        sums.mechanism,
        cast(sums.discount_amount as decimal(18, 4)) as discount_amount,
        cast(sums.list_value as decimal(18, 4)) as list_value,
        cast(sums.list_value as double)
        / nullif(cast(stores_in_all.list_amount as double), 0) as share_of_list,
        case
            when sums.list_value is not null
                then
                    cast(sums.discount_amount as double)
                    / nullif(cast(stores_in_all.discount_amount as double), 0)
        end as share_of_discount,
        funding.merchant_share,
    from sums
    inner join stores_in_all on sums.store_id = stores_in_all.store_id
    left join funding on sums.store_id = funding.store_id and sums.mechanism = funding.mechanism
    where sums.mechanism = 'none' or sums.discount_amount <> 0 or sums.list_value > 0
)

select * from final
order by store_id, mechanism
