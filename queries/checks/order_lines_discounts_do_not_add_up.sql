-- purpose: order lines whose discounts do not lead from the list price to what was paid
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
-- rule: qty x list_price - discounts in the price, within 0.01 per unit
-- advice: find the discount that is missing; until then the rest is called unexplained
-- source: DATA order_lines, identity

-- Doubles cost a quarter of decimals here, and the tolerance is far above their error.
with rests as (
    select
        _row,
        qty,
        paid_amount,
        cast(qty as double) * cast(list_price as double)
        - cast(paid_amount as double)
        - (
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
            + coalesce(cast(discount_tier_cross as double), 0)
            + coalesce(cast(discount_coupon_platform as double), 0)
            + coalesce(cast(discount_points as double), 0)
            + coalesce(cast(discount_redpack as double), 0)
            + coalesce(cast(discount_subscribe as double), 0)
        ) as rest,
    from order_lines
),

final as (
    select
        _row as row_no,
        'paid_amount' as column_name,
        concat(paid_amount, ' (', cast(round(rest, 4) as decimal(18, 4)), ' unexplained)') as value,
        paid_amount as money,
    from rests
    where abs(rest) > 0.01 * cast(qty as double) + 0.000001
)

select * from final
order by row_no, column_name
