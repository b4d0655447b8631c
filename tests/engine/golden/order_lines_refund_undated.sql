WITH lines AS (
  SELECT
    *
  FROM order_lines
), final AS (
  SELECT
    _row AS row_no,
    'refunded_at' AS column_name,
    CAST(NULL AS STRING) AS value,
    paid_amount AS money
  FROM lines
  WHERE
    refunded_amount > 0 AND refunded_at IS NULL
)
SELECT
  *
FROM final
