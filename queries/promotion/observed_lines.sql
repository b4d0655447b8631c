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
with final as (
    select sampled_lines.*
    from sampled_lines
    inner join stores
        on sampled_lines.member_id = stores.store_id and stores.currency = $currency
)

select * from final
order by member_id, order_id, line_no
