WITH lines AS (
  SELECT
    store_id,
    sku,
    CAST(ordered_at AS DATE) AS day,
    qty,
    CAST(ROUND((CAST(qty AS DOUBLE) * CAST(list_price AS DOUBLE)) * 1E4D) / 1E4D AS DECIMAL(18, 4)) AS list_amount,
    paid_amount + CASE WHEN :add_platform THEN COALESCE(platform_amount, 0) ELSE 0 END - CASE WHEN :less_refunds THEN COALESCE(refunded_amount, 0) ELSE 0 END AS sales,
    paid_amount,
    platform_amount,
    refunded_amount
  FROM order_lines
  WHERE
    NOT COALESCE(is_excluded, FALSE)
    AND CAST(ordered_at AS DATE) >= :first
    AND CAST(ordered_at AS DATE) <= :last
), days AS (
  SELECT
    store_id,
    sku,
    day,
    COUNT(*) AS lines,
    SUM(qty) AS units,
    SUM(CASE WHEN paid_amount < list_amount THEN qty ELSE 0 END) AS promoted_units,
    SUM(list_amount) AS list_amount,
    SUM(sales) AS sales,
    SUM(paid_amount) AS paid_amount,
    SUM(platform_amount) AS platform_amount,
    SUM(refunded_amount) AS refunded_amount,
    SUM(CASE WHEN 10 * paid_amount >= 9 * list_amount THEN paid_amount ELSE 0 END) AS full_price_amount
  FROM lines
  GROUP BY
    store_id,
    sku,
    day
), final AS (
  SELECT
    store_id,
    sku,
    CAST(DATE_TRUNC('WEEK', day) AS DATE) AS week_start,
    CAST(DATE_TRUNC('MONTH', day) AS DATE) AS month_start,
    MIN(day) AS first_day,
    CAST(SUM(lines) AS BIGINT) AS lines,
    CAST(SUM(units) AS DECIMAL(18, 3)) AS units,
    CAST(SUM(promoted_units) AS DECIMAL(18, 3)) AS promoted_units,
    CAST(SUM(list_amount) AS DECIMAL(18, 4)) AS list_amount,
    CAST(SUM(sales) AS DECIMAL(18, 4)) AS sales,
    CAST(SUM(paid_amount) AS DECIMAL(18, 4)) AS paid_amount,
    CAST(SUM(platform_amount) AS DECIMAL(18, 4)) AS platform_amount,
    CAST(SUM(refunded_amount) AS DECIMAL(18, 4)) AS refunded_amount,
    CAST(SUM(full_price_amount) AS DECIMAL(18, 4)) AS full_price_amount,
    CAST(COUNT(*) AS BIGINT) AS days_sold,
    CAST(COUNT(CASE WHEN promoted_units > 0 THEN 1 END) AS BIGINT) AS days_promoted
  FROM days
  GROUP BY
    store_id,
    sku,
    CAST(DATE_TRUNC('WEEK', day) AS DATE),
    CAST(DATE_TRUNC('MONTH', day) AS DATE)
)
SELECT
  *
FROM final
