WITH lines AS (
  SELECT
    *
  FROM order_lines
), final AS (
  SELECT
    _row AS row_no,
    'order_id' AS column_name,
    CAST(NULL AS STRING) AS value,
    paid_amount AS money
  FROM lines
  WHERE
    order_id IS NULL
  UNION ALL
  SELECT
    _row AS row_no,
    'line_no' AS column_name,
    CAST(NULL AS STRING) AS value,
    paid_amount AS money
  FROM lines
  WHERE
    line_no IS NULL
  UNION ALL
  SELECT
    _row AS row_no,
    'store_id' AS column_name,
    CAST(NULL AS STRING) AS value,
    paid_amount AS money
  FROM lines
  WHERE
    store_id IS NULL
  UNION ALL
  SELECT
    _row AS row_no,
    'sku' AS column_name,
    CAST(NULL AS STRING) AS value,
    paid_amount AS money
  FROM lines
  WHERE
    sku IS NULL
  UNION ALL
  SELECT
    _row AS row_no,
    'ordered_at' AS column_name,
    CAST(NULL AS STRING) AS value,
    paid_amount AS money
  FROM lines
  WHERE
    ordered_at IS NULL
  UNION ALL
  SELECT
    _row AS row_no,
    'qty' AS column_name,
    CAST(NULL AS STRING) AS value,
    paid_amount AS money
  FROM lines
  WHERE
    qty IS NULL
  UNION ALL
  SELECT
    _row AS row_no,
    'list_price' AS column_name,
    CAST(NULL AS STRING) AS value,
    paid_amount AS money
  FROM lines
  WHERE
    list_price IS NULL
  UNION ALL
  SELECT
    _row AS row_no,
    'paid_amount' AS column_name,
    CAST(NULL AS STRING) AS value,
    paid_amount AS money
  FROM lines
  WHERE
    paid_amount IS NULL
)
SELECT
  *
FROM final
