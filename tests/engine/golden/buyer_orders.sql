WITH lines AS (
  SELECT
    store_numbers.store_number,
    order_lines.order_id,
    CAST(CONV(SUBSTRING(MD5(order_lines.buyer_id), 1, 15), 16, 10) AS BIGINT) AS buyer,
    order_lines.ordered_at,
    COALESCE(sku_categories.sku_number, 0) AS sku_number,
    order_lines.paid_amount,
    CAST(ROUND((CAST(order_lines.qty AS DOUBLE) * CAST(order_lines.list_price AS DOUBLE)) * 1E4D) / 1E4D AS DECIMAL(18, 4)) AS list_amount,
    order_lines.paid_amount + CASE WHEN :add_platform THEN COALESCE(order_lines.platform_amount, 0) ELSE 0 END - CASE WHEN :less_refunds THEN COALESCE(order_lines.refunded_amount, 0) ELSE 0 END AS sales
  FROM order_lines
  INNER JOIN store_numbers
    ON order_lines.store_id = store_numbers.store_id
  LEFT JOIN sku_categories
    ON order_lines.sku = sku_categories.sku
  WHERE
    NOT COALESCE(order_lines.is_excluded, FALSE)
), orders AS (
  SELECT
    store_number,
    order_id,
    MAX(buyer) AS buyer,
    MIN(ordered_at) AS ordered_at,
    MIN(sku_number) AS first_sku,
    MAX(sku_number) AS last_sku,
    CAST(SUM(paid_amount) AS DECIMAL(18, 4)) AS paid_amount,
    CAST(SUM(list_amount) AS DECIMAL(18, 4)) AS list_amount,
    CAST(SUM(sales) AS DECIMAL(18, 4)) AS sales
  FROM lines
  GROUP BY
    store_number,
    order_id
), numbered AS (
  SELECT
    *,
    COALESCE(buyer, CAST(CONV(SUBSTRING(MD5(order_id), 1, 15), 16, 10) AS BIGINT)) AS grouped_by
  FROM orders
), final AS (
  SELECT
    store_number,
    order_id,
    buyer,
    CAST(ROUND((
      grouped_by & 1134907106097364992
    ) / 18014398509481984) AS SMALLINT) AS group_number,
    ordered_at,
    first_sku,
    last_sku,
    sales,
    paid_amount,
    10 * paid_amount >= 9 * list_amount AS is_full_price
  FROM numbered
)
SELECT
  *
FROM final
