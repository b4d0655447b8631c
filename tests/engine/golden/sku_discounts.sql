WITH lines AS (
  SELECT
    store_id,
    sku,
    CAST(ordered_at AS DATE) AS day,
    qty,
    CAST(ROUND((CAST(qty AS DOUBLE) * CAST(list_price AS DOUBLE)) * 1E4D) / 1E4D AS DECIMAL(18, 4)) AS list_amount,
    paid_amount,
    platform_amount,
    refunded_amount,
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
), cells AS (
  SELECT
    lines.*,
    span_days.span,
    span_days.week_start,
    span_days.first_day
  FROM lines
  INNER JOIN span_days
    ON lines.day = span_days.day
), final AS (
  SELECT
    store_id,
    sku,
    span,
    week_start,
    first_day,
    CAST(SUM(qty) AS DECIMAL(18, 3)) AS units,
    CAST(SUM(list_amount) AS DECIMAL(18, 4)) AS list_amount,
    CAST(SUM(paid_amount) AS DECIMAL(18, 4)) AS paid_amount,
    CAST(SUM(platform_amount) AS DECIMAL(18, 4)) AS platform_amount,
    CAST(SUM(refunded_amount) AS DECIMAL(18, 4)) AS refunded_amount,
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
  FROM cells
  GROUP BY
    store_id,
    sku,
    span,
    week_start,
    first_day
)
SELECT
  *
FROM final
