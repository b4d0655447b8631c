WITH lines AS (
  SELECT
    *
  FROM order_lines
), final AS (
  SELECT
    _row AS row_no,
    'refunded_amount' AS column_name,
    CAST(refunded_amount AS STRING) AS value,
    paid_amount AS money
  FROM lines
  WHERE
    refunded_amount < 0
    OR refunded_amount > paid_amount + COALESCE(platform_amount, 0)
)
SELECT
  *
FROM final
