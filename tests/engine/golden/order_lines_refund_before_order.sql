WITH lines AS (
  SELECT
    *
  FROM order_lines
), final AS (
  SELECT
    _row AS row_no,
    'refunded_at' AS column_name,
    CAST(refunded_at AS STRING) AS value,
    paid_amount AS money
  FROM lines
  WHERE
    refunded_at < ordered_at
)
SELECT
  *
FROM final
