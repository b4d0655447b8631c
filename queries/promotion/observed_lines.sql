-- purpose: the lines of orders that are held against the promotion rules, money in cents. Stores in
--   another currency are left out: their money is converted day by day, and the rules are not
-- grain: member_id, order_id, line_no
-- inputs: sampled_lines, stores
-- params: currency varchar
-- outputs:
--   store_id varchar, the store
--   member_id varchar, the store itself, also where stores are joined into groups
--   order_id varchar, order number
--   line_no bigint, line of the order
--   buyer_group varchar, one of 64 groups of buyers
--   ordered_at timestamp, when the order was paid
--   sku varchar, the product
--   category varchar, its category, null = not known
--   pieces bigint, thousandths of a piece
--   list_price bigint, cents
--   paid_amount bigint, cents
--   discount_markdown bigint, cents, null = none given
--   discount_flash bigint, cents, null = none given
--   discount_subsidy bigint, cents, null = none given
--   discount_official_cut bigint, cents, null = none given
--   discount_member bigint, cents, null = none given
--   discount_group bigint, cents, null = none given
--   discount_presale bigint, cents, null = none given
--   discount_new_customer bigint, cents, null = none given
--   discount_coupon_item bigint, cents, null = none given
--   discount_coupon_shop bigint, cents, null = none given
--   discount_tier_amount bigint, cents, null = none given
--   discount_tier_qty bigint, cents, null = none given
--   discount_bundle bigint, cents, null = none given
--   discount_tier_cross bigint, cents, null = none given
--   discount_coupon_platform bigint, cents, null = none given
--   discount_points bigint, cents, null = none given
--   discount_redpack bigint, cents, null = none given
--   discount_subscribe bigint, cents, null = none given
--   is_whole boolean, whether every price and amount of the order is whole cents
-- source: METHODS 3 "Rule engine"
with lines as (
    select sampled_lines.*
    from sampled_lines
    inner join stores
        on sampled_lines.member_id = stores.store_id and stores.currency = $currency
),

final as (
    select
        store_id,
        member_id,
        order_id,
        line_no,
        buyer_group,
        ordered_at,
        sku,
        category,
        cast(round(qty * 1000) as bigint) as pieces,
        cast(round(list_price * 100) as bigint) as list_price,
        cast(round(paid_amount * 100) as bigint) as paid_amount,
        cast(round(discount_markdown * 100) as bigint) as discount_markdown,
        cast(round(discount_flash * 100) as bigint) as discount_flash,
        cast(round(discount_subsidy * 100) as bigint) as discount_subsidy,
        cast(round(discount_official_cut * 100) as bigint) as discount_official_cut,
        cast(round(discount_member * 100) as bigint) as discount_member,
        cast(round(discount_group * 100) as bigint) as discount_group,
        cast(round(discount_presale * 100) as bigint) as discount_presale,
        cast(round(discount_new_customer * 100) as bigint) as discount_new_customer,
        cast(round(discount_coupon_item * 100) as bigint) as discount_coupon_item,
        cast(round(discount_coupon_shop * 100) as bigint) as discount_coupon_shop,
        cast(round(discount_tier_amount * 100) as bigint) as discount_tier_amount,
        cast(round(discount_tier_qty * 100) as bigint) as discount_tier_qty,
        cast(round(discount_bundle * 100) as bigint) as discount_bundle,
        cast(round(discount_tier_cross * 100) as bigint) as discount_tier_cross,
        cast(round(discount_coupon_platform * 100) as bigint) as discount_coupon_platform,
        cast(round(discount_points * 100) as bigint) as discount_points,
        cast(round(discount_redpack * 100) as bigint) as discount_redpack,
        cast(round(discount_subscribe * 100) as bigint) as discount_subscribe,
        bool_and(
            list_price = round(list_price, 2) and paid_amount = round(paid_amount, 2)
        ) over (partition by member_id, order_id) as is_whole,
    from lines
)

select * from final
order by member_id, order_id, line_no
