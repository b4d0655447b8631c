WITH lines AS (
  SELECT
    *
  FROM order_lines
), final AS (
  SELECT
    _row AS row_no,
    'qty' AS column_name,
    CAST(qty AS STRING) AS value,
    paid_amount AS money
  FROM lines
  WHERE
    qty <= 0
)
SELECT
  *
FROM final
