WITH lines AS (
  SELECT
    *
  FROM order_lines
), final AS (
  SELECT
    _row AS row_no,
    'paid_amount' AS column_name,
    CAST(paid_amount AS STRING) AS value,
    paid_amount AS money
  FROM lines
  WHERE
    paid_amount < 0
)
SELECT
  *
FROM final
