WITH lines AS (
  SELECT
    store_id,
    sku,
    SUBSTRING(MD5(COALESCE(buyer_id, order_id)), 1, 2) AS digest,
    qty,
    paid_amount + CASE WHEN :add_platform THEN COALESCE(platform_amount, 0) ELSE 0 END - CASE WHEN :less_refunds THEN COALESCE(refunded_amount, 0) ELSE 0 END AS sales,
    paid_amount,
    platform_amount,
    refunded_amount,
    CASE
      WHEN 10 * paid_amount >= 9 * CAST(ROUND((CAST(qty AS DOUBLE) * CAST(list_price AS DOUBLE)) * 1E4D) / 1E4D AS DECIMAL(18, 4))
      THEN paid_amount
      ELSE 0
    END AS full_price_amount
  FROM order_lines
  WHERE
    NOT COALESCE(is_excluded, FALSE)
    AND CAST(ordered_at AS DATE) >= :first
    AND CAST(ordered_at AS DATE) <= :last
), summed AS (
  SELECT
    store_id,
    sku,
    digest,
    SUM(qty) AS units,
    SUM(sales) AS sales,
    SUM(paid_amount) AS paid_amount,
    SUM(platform_amount) AS platform_amount,
    SUM(refunded_amount) AS refunded_amount,
    SUM(full_price_amount) AS full_price_amount
  FROM lines
  GROUP BY
    store_id,
    sku,
    digest
), grouped AS (
  SELECT
    *,
    SUBSTRING(digest, 1, 1) || CASE
      WHEN SUBSTRING(digest, 2, 1) < '4'
      THEN 'a'
      WHEN SUBSTRING(digest, 2, 1) < '8'
      THEN 'b'
      WHEN SUBSTRING(digest, 2, 1) < 'c'
      THEN 'c'
      ELSE 'd'
    END AS buyer_group
  FROM summed
), final AS (
  SELECT
    store_id,
    sku,
    buyer_group,
    CAST(SUM(units) AS DECIMAL(18, 3)) AS units,
    CAST(SUM(sales) AS DECIMAL(18, 4)) AS sales,
    CAST(SUM(paid_amount) AS DECIMAL(18, 4)) AS paid_amount,
    CAST(SUM(platform_amount) AS DECIMAL(18, 4)) AS platform_amount,
    CAST(SUM(refunded_amount) AS DECIMAL(18, 4)) AS refunded_amount,
    CAST(SUM(full_price_amount) AS DECIMAL(18, 4)) AS full_price_amount
  FROM grouped
  GROUP BY
    store_id,
    sku,
    buyer_group
)
SELECT
  *
FROM final
