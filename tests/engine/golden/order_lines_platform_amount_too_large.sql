WITH sums AS (
  SELECT
    _row,
    paid_amount,
    platform_amount,
    COALESCE(CAST(discount_markdown AS DOUBLE), 0) + COALESCE(CAST(discount_flash AS DOUBLE), 0) + COALESCE(CAST(discount_subsidy AS DOUBLE), 0) + COALESCE(CAST(discount_official_cut AS DOUBLE), 0) + COALESCE(CAST(discount_member AS DOUBLE), 0) + COALESCE(CAST(discount_group AS DOUBLE), 0) + COALESCE(CAST(discount_presale AS DOUBLE), 0) + COALESCE(CAST(discount_new_customer AS DOUBLE), 0) + COALESCE(CAST(discount_coupon_item AS DOUBLE), 0) + COALESCE(CAST(discount_coupon_shop AS DOUBLE), 0) + COALESCE(CAST(discount_tier_amount AS DOUBLE), 0) + COALESCE(CAST(discount_tier_qty AS DOUBLE), 0) + COALESCE(CAST(discount_bundle AS DOUBLE), 0) + COALESCE(CAST(discount_gift AS DOUBLE), 0) + COALESCE(CAST(discount_tier_cross AS DOUBLE), 0) + COALESCE(CAST(discount_coupon_platform AS DOUBLE), 0) + COALESCE(CAST(discount_points AS DOUBLE), 0) + COALESCE(CAST(discount_redpack AS DOUBLE), 0) + COALESCE(CAST(discount_shipping AS DOUBLE), 0) + COALESCE(CAST(discount_subscribe AS DOUBLE), 0) + COALESCE(CAST(discount_cashback AS DOUBLE), 0) + COALESCE(CAST(discount_trade_in AS DOUBLE), 0) AS discounts
  FROM order_lines
  WHERE
    platform_amount <> 0
), final AS (
  SELECT
    _row AS row_no,
    'platform_amount' AS column_name,
    CAST(platform_amount AS STRING) AS value,
    paid_amount AS money
  FROM sums
  WHERE
    platform_amount < 0 OR CAST(platform_amount AS DOUBLE) > discounts + 0.005
)
SELECT
  *
FROM final
