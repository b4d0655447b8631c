WITH lines AS (
  SELECT
    *
  FROM order_lines
), final AS (
  SELECT
    _row AS row_no,
    'list_price' AS column_name,
    CAST(list_price AS STRING) AS value,
    paid_amount AS money
  FROM lines
  WHERE
    list_price < 0
)
SELECT
  *
FROM final
