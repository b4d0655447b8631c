WITH lines AS (
  SELECT
    CAST(ordered_at AS DATE) AS day,
    paid_amount + CASE WHEN :add_platform THEN COALESCE(platform_amount, 0) ELSE 0 END - CASE WHEN :less_refunds THEN COALESCE(refunded_amount, 0) ELSE 0 END AS sales
  FROM order_lines
  WHERE
    NOT COALESCE(is_excluded, FALSE)
), final AS (
  SELECT
    day,
    CAST(SUM(sales) AS DECIMAL(18, 4)) AS sales
  FROM lines
  GROUP BY
    day
)
SELECT
  *
FROM final
