WITH final AS (
  SELECT
    CAST(SUM(paid_amount) AS DECIMAL(18, 4)) AS paid_amount
  FROM order_lines
)
SELECT
  *
FROM final
