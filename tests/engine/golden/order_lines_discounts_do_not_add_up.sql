WITH rests AS (
  SELECT
    _row,
    qty,
    paid_amount,
    CAST(qty AS DOUBLE) * CAST(list_price AS DOUBLE) - CAST(paid_amount AS DOUBLE) - (
      COALESCE(CAST(discount_markdown AS DOUBLE), 0) + COALESCE(CAST(discount_flash AS DOUBLE), 0) + COALESCE(CAST(discount_subsidy AS DOUBLE), 0) + COALESCE(CAST(discount_official_cut AS DOUBLE), 0) + COALESCE(CAST(discount_member AS DOUBLE), 0) + COALESCE(CAST(discount_group AS DOUBLE), 0) + COALESCE(CAST(discount_presale AS DOUBLE), 0) + COALESCE(CAST(discount_new_customer AS DOUBLE), 0) + COALESCE(CAST(discount_coupon_item AS DOUBLE), 0) + COALESCE(CAST(discount_coupon_shop AS DOUBLE), 0) + COALESCE(CAST(discount_tier_amount AS DOUBLE), 0) + COALESCE(CAST(discount_tier_qty AS DOUBLE), 0) + COALESCE(CAST(discount_bundle AS DOUBLE), 0) + COALESCE(CAST(discount_tier_cross AS DOUBLE), 0) + COALESCE(CAST(discount_coupon_platform AS DOUBLE), 0) + COALESCE(CAST(discount_points AS DOUBLE), 0) + COALESCE(CAST(discount_redpack AS DOUBLE), 0) + COALESCE(CAST(discount_subscribe AS DOUBLE), 0)
    ) AS rest
  FROM order_lines
), final AS (
  SELECT
    _row AS row_no,
    'paid_amount' AS column_name,
    CONCAT(COALESCE(CAST(paid_amount AS STRING), ''), COALESCE(CAST(' (' AS STRING), ''), COALESCE(CAST(CAST(ROUND(rest, 4) AS DECIMAL(18, 4)) AS STRING), ''), COALESCE(CAST(' unexplained)' AS STRING), '')) AS value,
    paid_amount AS money
  FROM rests
  WHERE
    ABS(rest) > 0.01 * CAST(qty AS DOUBLE) + 0.000001
)
SELECT
  *
FROM final
