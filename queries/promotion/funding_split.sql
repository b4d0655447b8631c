-- purpose: who bears the discounts of each store. Where lines say what the platform bears, that is
--   taken; elsewhere the share that the promotions state for a mechanism, or else its usual one;
--   what neither tells, and what no mechanism explains, is not known
-- grain: store_id, funder
-- inputs: mechanism_groups, unfunded_discounts, mechanism_totals, mechanisms, scope_stores
-- params: none
-- outputs:
--   store_id varchar, the store
--   funder varchar, merchant, platform or unknown
--   discount_amount decimal(18,4), list minus paid that it bears
--   share_of_discount double, part of list minus paid, null = no discount
--   share_of_list double, part of the list value
--   usual_share double, part of the amount that rests on the usual case alone, null = no amount
--   position bigint, merchant, platform, unknown
-- source: METHODS 3 "funding split"
with seen as (
    select
        store_id,
        sum(list_amount) as list_amount,
        sum(list_amount - paid_amount) as discount_amount,
        coalesce(sum(platform_amount), 0) as platform_amount,
        coalesce(sum(funding_known_discount), 0) - coalesce(sum(platform_amount), 0)
            as merchant_amount,
    from mechanism_groups
    group by store_id
),

parts as (
    select
        store_id,
        unnest([
            { 'mechanism': 'markdown', 'amount': discount_markdown },
            { 'mechanism': 'flash', 'amount': discount_flash },
            { 'mechanism': 'subsidy', 'amount': discount_subsidy },
            { 'mechanism': 'official_cut', 'amount': discount_official_cut },
            { 'mechanism': 'member', 'amount': discount_member },
            { 'mechanism': 'group', 'amount': discount_group },
            { 'mechanism': 'presale', 'amount': discount_presale },
            { 'mechanism': 'new_customer', 'amount': discount_new_customer },
            { 'mechanism': 'coupon_item', 'amount': discount_coupon_item },
            { 'mechanism': 'coupon_shop', 'amount': discount_coupon_shop },
            { 'mechanism': 'tier_amount', 'amount': discount_tier_amount },
            { 'mechanism': 'tier_qty', 'amount': discount_tier_qty },
            { 'mechanism': 'bundle', 'amount': discount_bundle },
            { 'mechanism': 'tier_cross', 'amount': discount_tier_cross },
            { 'mechanism': 'coupon_platform', 'amount': discount_coupon_platform },
            { 'mechanism': 'points', 'amount': discount_points },
            { 'mechanism': 'redpack', 'amount': discount_redpack },
            { 'mechanism': 'subscribe', 'amount': discount_subscribe }
        ]) as part,
    from unfunded_discounts
),

told as (
    select
        parts.store_id,
        parts.part['amount'] as amount,
        cast(
            round(cast(parts.part['amount'] as double) * mechanisms.merchant_funded, 4)
            as decimal(18, 4)
        ) as merchant_amount,
        mechanism_totals.merchant_share is null as is_usual,
    from parts
    inner join mechanisms
        on
            parts.store_id = mechanisms.store_id
            and parts.part['mechanism'] = mechanisms.mechanism
    inner join mechanism_totals
        on
            mechanisms.store_id = mechanism_totals.store_id
            and mechanisms.mechanism = mechanism_totals.mechanism
    where mechanisms.merchant_funded is not null
),

said as (
    select
        store_id,
        sum(merchant_amount) as merchant_amount,
        sum(amount - merchant_amount) as platform_amount,
        sum(case when is_usual then merchant_amount else 0 end) as merchant_usual,
        sum(case when is_usual then amount - merchant_amount else 0 end) as platform_usual,
    from told
    group by store_id
),

borne as (
    select
        seen.store_id,
        seen.list_amount,
        seen.discount_amount,
        seen.merchant_amount + coalesce(said.merchant_amount, 0) as merchant_amount,
        seen.platform_amount + coalesce(said.platform_amount, 0) as platform_amount,
        coalesce(said.merchant_usual, 0) as merchant_usual,
        coalesce(said.platform_usual, 0) as platform_usual,
    from seen
    left join said on seen.store_id = said.store_id
),

funders as (
    select
        store_id,
        list_amount,
        discount_amount as discount_in_all,
        unnest([
            {
                'funder': 'merchant',
                'position': 1,
                'amount': merchant_amount,
                'usual': merchant_usual
            },
            {
                'funder': 'platform',
                'position': 2,
                'amount': platform_amount,
                'usual': platform_usual
            },
            {
                'funder': 'unknown',
                'position': 3,
                'amount': discount_amount - merchant_amount - platform_amount,
                'usual': 0
            }
        ]) as part,
    from borne
),

final as (
    select
        funders.store_id,
        funders.part['funder'] as funder,
        cast(funders.part['amount'] as decimal(18, 4)) as discount_amount,
        cast(funders.part['amount'] as double)
        / nullif(cast(funders.discount_in_all as double), 0) as share_of_discount,
        cast(funders.part['amount'] as double)
        / nullif(cast(funders.list_amount as double), 0) as share_of_list,
        cast(funders.part['usual'] as double)
        / nullif(cast(funders.part['amount'] as double), 0) as usual_share,
        cast(funders.part['position'] as bigint) as position,
        scope_stores.position as store_position,
    from funders
    inner join scope_stores on funders.store_id = scope_stores.store_id
)

select * exclude (store_position) from final
order by store_position, position
