WITH lines AS (
  SELECT
    store_id,
    CAST(ROUND((CAST(qty AS DOUBLE) * CAST(list_price AS DOUBLE)) * 1E4D) / 1E4D AS DECIMAL(18, 4)) - paid_amount AS discount_amount,
    discount_markdown,
    discount_flash,
    discount_subsidy,
    discount_official_cut,
    discount_member,
    discount_group,
    discount_presale,
    discount_new_customer,
    discount_coupon_item,
    discount_coupon_shop,
    discount_tier_amount,
    discount_tier_qty,
    discount_bundle,
    discount_tier_cross,
    discount_coupon_platform,
    discount_points,
    discount_redpack,
    discount_subscribe
  FROM order_lines
  WHERE
    NOT COALESCE(is_excluded, FALSE)
    AND platform_amount IS NULL
    AND CAST(ordered_at AS DATE) >= :first
    AND CAST(ordered_at AS DATE) <= :last
), final AS (
  SELECT
    store_id,
    CAST(SUM(discount_amount) AS DECIMAL(18, 4)) AS discount_amount,
    CAST(SUM(discount_markdown) AS DECIMAL(18, 4)) AS discount_markdown,
    CAST(SUM(discount_flash) AS DECIMAL(18, 4)) AS discount_flash,
    CAST(SUM(discount_subsidy) AS DECIMAL(18, 4)) AS discount_subsidy,
    CAST(SUM(discount_official_cut) AS DECIMAL(18, 4)) AS discount_official_cut,
    CAST(SUM(discount_member) AS DECIMAL(18, 4)) AS discount_member,
    CAST(SUM(discount_group) AS DECIMAL(18, 4)) AS discount_group,
    CAST(SUM(discount_presale) AS DECIMAL(18, 4)) AS discount_presale,
    CAST(SUM(discount_new_customer) AS DECIMAL(18, 4)) AS discount_new_customer,
    CAST(SUM(discount_coupon_item) AS DECIMAL(18, 4)) AS discount_coupon_item,
    CAST(SUM(discount_coupon_shop) AS DECIMAL(18, 4)) AS discount_coupon_shop,
    CAST(SUM(discount_tier_amount) AS DECIMAL(18, 4)) AS discount_tier_amount,
    CAST(SUM(discount_tier_qty) AS DECIMAL(18, 4)) AS discount_tier_qty,
    CAST(SUM(discount_bundle) AS DECIMAL(18, 4)) AS discount_bundle,
    CAST(SUM(discount_tier_cross) AS DECIMAL(18, 4)) AS discount_tier_cross,
    CAST(SUM(discount_coupon_platform) AS DECIMAL(18, 4)) AS discount_coupon_platform,
    CAST(SUM(discount_points) AS DECIMAL(18, 4)) AS discount_points,
    CAST(SUM(discount_redpack) AS DECIMAL(18, 4)) AS discount_redpack,
    CAST(SUM(discount_subscribe) AS DECIMAL(18, 4)) AS discount_subscribe
  FROM lines
  GROUP BY
    store_id
)
SELECT
  *
FROM final
