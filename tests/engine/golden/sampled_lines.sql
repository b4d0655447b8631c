WITH lines AS (
  SELECT
    order_lines.*
  FROM order_lines
  INNER JOIN promoted_stores
    ON order_lines.store_id = promoted_stores.store_id
  WHERE
    NOT COALESCE(order_lines.is_excluded, FALSE)
    AND order_lines.ordered_at >= CAST(:first AS TIMESTAMP_NTZ) - INTERVAL '1' DAY
    AND order_lines.ordered_at < CAST(:last AS TIMESTAMP_NTZ) + INTERVAL '2' DAY
    AND (
      :order_below = 'g' OR SUBSTRING(MD5(order_lines.order_id), 4, 3) < :order_below
    )
), orders AS (
  SELECT
    store_id,
    order_id,
    MIN(ordered_at) AS ordered_at,
    MD5(COALESCE(MIN(buyer_id), order_id)) AS digest,
    COUNT(
      CASE
        WHEN list_price <> ROUND(list_price, 2) OR paid_amount <> ROUND(paid_amount, 2)
        THEN 1
      END
    ) AS finer_lines
  FROM lines
  GROUP BY
    store_id,
    order_id
  HAVING
    CAST(MIN(ordered_at) AS DATE) >= :first
    AND CAST(MIN(ordered_at) AS DATE) <= :last
), final AS (
  SELECT
    lines.store_id,
    lines.store_id AS member_id,
    lines.order_id,
    lines.line_no,
    SUBSTRING(orders.digest, 1, 1) || CASE
      WHEN SUBSTRING(orders.digest, 2, 1) < '4'
      THEN 'a'
      WHEN SUBSTRING(orders.digest, 2, 1) < '8'
      THEN 'b'
      WHEN SUBSTRING(orders.digest, 2, 1) < 'c'
      THEN 'c'
      ELSE 'd'
    END AS buyer_group,
    orders.ordered_at,
    lines.sku,
    products.category,
    CAST(ROUND(lines.qty * 1000) AS BIGINT) AS pieces,
    CAST(ROUND(lines.list_price * 100) AS BIGINT) AS list_price,
    CAST(ROUND(lines.paid_amount * 100) AS BIGINT) AS paid_amount,
    CAST(ROUND(lines.discount_markdown * 100) AS BIGINT) AS discount_markdown,
    CAST(ROUND(lines.discount_flash * 100) AS BIGINT) AS discount_flash,
    CAST(ROUND(lines.discount_subsidy * 100) AS BIGINT) AS discount_subsidy,
    CAST(ROUND(lines.discount_official_cut * 100) AS BIGINT) AS discount_official_cut,
    CAST(ROUND(lines.discount_member * 100) AS BIGINT) AS discount_member,
    CAST(ROUND(lines.discount_group * 100) AS BIGINT) AS discount_group,
    CAST(ROUND(lines.discount_presale * 100) AS BIGINT) AS discount_presale,
    CAST(ROUND(lines.discount_new_customer * 100) AS BIGINT) AS discount_new_customer,
    CAST(ROUND(lines.discount_coupon_item * 100) AS BIGINT) AS discount_coupon_item,
    CAST(ROUND(lines.discount_coupon_shop * 100) AS BIGINT) AS discount_coupon_shop,
    CAST(ROUND(lines.discount_tier_amount * 100) AS BIGINT) AS discount_tier_amount,
    CAST(ROUND(lines.discount_tier_qty * 100) AS BIGINT) AS discount_tier_qty,
    CAST(ROUND(lines.discount_bundle * 100) AS BIGINT) AS discount_bundle,
    CAST(ROUND(lines.discount_tier_cross * 100) AS BIGINT) AS discount_tier_cross,
    CAST(ROUND(lines.discount_coupon_platform * 100) AS BIGINT) AS discount_coupon_platform,
    CAST(ROUND(lines.discount_points * 100) AS BIGINT) AS discount_points,
    CAST(ROUND(lines.discount_redpack * 100) AS BIGINT) AS discount_redpack,
    CAST(ROUND(lines.discount_subscribe * 100) AS BIGINT) AS discount_subscribe,
    orders.finer_lines = 0 AS is_whole
  FROM lines
  INNER JOIN orders
    ON lines.store_id = orders.store_id AND lines.order_id = orders.order_id
  LEFT JOIN products
    ON lines.sku = products.sku
)
SELECT
  *
FROM final
