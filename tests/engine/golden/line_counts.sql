WITH lines AS (
  SELECT
    store_id,
    ordered_at,
    paid_amount,
    refunded_amount,
    platform_amount,
    buyer_id,
    is_excluded,
    CASE WHEN NOT COALESCE(is_excluded, FALSE) THEN CAST(ordered_at AS DATE) END AS sold_on
  FROM order_lines
), final AS (
  SELECT
    store_id,
    CAST(COUNT(*) AS BIGINT) AS rows_in,
    CAST(COUNT(CASE WHEN is_excluded THEN 1 END) AS BIGINT) AS rows_excluded,
    CAST(SUM(CASE WHEN NOT COALESCE(is_excluded, FALSE) THEN paid_amount ELSE 0 END) AS DECIMAL(18, 4)) AS paid_amount,
    CAST(COUNT(refunded_amount) AS BIGINT) AS rows_refund_known,
    CAST(COUNT(platform_amount) AS BIGINT) AS rows_platform_known,
    CAST(COUNT(buyer_id) AS BIGINT) AS rows_buyer_known,
    CAST(MIN(ordered_at) AS DATE) AS first_day,
    CAST(MAX(ordered_at) AS DATE) AS last_day,
    MIN(sold_on) AS first_sale,
    MAX(sold_on) AS last_sale,
    CAST(COUNT(DISTINCT sold_on) AS BIGINT) AS days_sold
  FROM lines
  GROUP BY
    store_id
)
SELECT
  *
FROM final
