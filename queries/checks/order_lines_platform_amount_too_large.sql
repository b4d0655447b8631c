-- purpose: platform money below zero, or above all the discounts of the line
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
-- rule: from 0 to the sum of the discounts
-- advice: write only what the platform refunds to the merchant
-- source: DATA order_lines.platform_amount
with sums as (
    select
        _row,
        paid_amount,
        platform_amount,
        coalesce(cast(discount_markdown as double), 0)
        + coalesce(cast(discount_flash as double), 0)
        + coalesce(cast(discount_subsidy as double), 0)
        + coalesce(cast(discount_official_cut as double), 0)
        + coalesce(cast(discount_member as double), 0)
        + coalesce(cast(discount_group as double), 0)
        + coalesce(cast(discount_presale as double), 0)
        + coalesce(cast(discount_new_customer as double), 0)
        + coalesce(cast(discount_coupon_item as double), 0)
        + coalesce(cast(discount_coupon_shop as double), 0)
        + coalesce(cast(discount_tier_amount as double), 0)
        + coalesce(cast(discount_tier_qty as double), 0)
        + coalesce(cast(discount_bundle as double), 0)
        + coalesce(cast(discount_gift as double), 0)
        + coalesce(cast(discount_tier_cross as double), 0)
        + coalesce(cast(discount_coupon_platform as double), 0)
        + coalesce(cast(discount_points as double), 0)
        + coalesce(cast(discount_redpack as double), 0)
        + coalesce(cast(discount_shipping as double), 0)
        + coalesce(cast(discount_subscribe as double), 0)
        + coalesce(cast(discount_cashback as double), 0)
        + coalesce(cast(discount_trade_in as double), 0)
            as discounts,
    from order_lines
    where platform_amount <> 0
),

final as (
    select
        _row as row_no,
        'platform_amount' as column_name,
        cast(platform_amount as varchar) as value,
        paid_amount as money,
    from sums
    where
        platform_amount < 0
        or cast(platform_amount as double) > discounts + 0.005
)

select * from final
order by row_no, column_name
