-- purpose: discounts below zero: a discount is written as what the consumer saves
-- grain: row_no, column_name
-- inputs: order_lines
-- params: none
-- outputs:
--   row_no bigint, row of the table
--   column_name varchar, column that breaks the rule
--   value varchar, what stands there
--   money decimal(18,4), what was paid for the line
-- table: order_lines
-- severity: warn
-- rule: 0 or more
-- advice: turn the sign, or write a surcharge into list_price
-- source: DATA order_lines.discount_*
with lines as (
    select * from order_lines
),

-- least() passes over nulls; only lines it finds are taken apart into columns.
suspects as (
    select
        _row,
        paid_amount,
        unnest([
            { 'column_name': 'discount_markdown', 'amount': discount_markdown },
            { 'column_name': 'discount_flash', 'amount': discount_flash },
            { 'column_name': 'discount_subsidy', 'amount': discount_subsidy },
            { 'column_name': 'discount_official_cut', 'amount': discount_official_cut },
            { 'column_name': 'discount_member', 'amount': discount_member },
            { 'column_name': 'discount_group', 'amount': discount_group },
            { 'column_name': 'discount_presale', 'amount': discount_presale },
            { 'column_name': 'discount_new_customer', 'amount': discount_new_customer },
            { 'column_name': 'discount_coupon_item', 'amount': discount_coupon_item },
            { 'column_name': 'discount_coupon_shop', 'amount': discount_coupon_shop },
            { 'column_name': 'discount_tier_amount', 'amount': discount_tier_amount },
            { 'column_name': 'discount_tier_qty', 'amount': discount_tier_qty },
            { 'column_name': 'discount_bundle', 'amount': discount_bundle },
            { 'column_name': 'discount_gift', 'amount': discount_gift },
            { 'column_name': 'discount_tier_cross', 'amount': discount_tier_cross },
            { 'column_name': 'discount_coupon_platform', 'amount': discount_coupon_platform },
            { 'column_name': 'discount_points', 'amount': discount_points },
            { 'column_name': 'discount_redpack', 'amount': discount_redpack },
            { 'column_name': 'discount_shipping', 'amount': discount_shipping },
            { 'column_name': 'discount_subscribe', 'amount': discount_subscribe },
            { 'column_name': 'discount_cashback', 'amount': discount_cashback },
            { 'column_name': 'discount_trade_in', 'amount': discount_trade_in },
        ]) as part,
    from lines
    where
        least(
            discount_markdown, discount_flash, discount_subsidy, discount_official_cut,
            discount_member, discount_group, discount_presale, discount_new_customer,
            discount_coupon_item, discount_coupon_shop, discount_tier_amount,
            discount_tier_qty, discount_bundle, discount_gift, discount_tier_cross,
            discount_coupon_platform, discount_points, discount_redpack, discount_shipping,
            discount_subscribe, discount_cashback, discount_trade_in
        ) < 0
),

final as (
    select
        suspects._row as row_no,
        part.column_name,
        cast(part.amount as varchar) as value,
        suspects.paid_amount as money,
    from suspects
    where part.amount < 0
)

select * from final
order by row_no, column_name
