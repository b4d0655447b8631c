WITH snapshots AS (
  SELECT
    *
  FROM price_snapshots
), final AS (
  SELECT
    _row AS row_no,
    'store_id' AS column_name,
    CAST(NULL AS STRING) AS value,
    CAST(NULL AS DECIMAL(18, 4)) AS money
  FROM snapshots
  WHERE
    store_id IS NULL
  UNION ALL
  SELECT
    _row AS row_no,
    'sku' AS column_name,
    CAST(NULL AS STRING) AS value,
    CAST(NULL AS DECIMAL(18, 4)) AS money
  FROM snapshots
  WHERE
    sku IS NULL
  UNION ALL
  SELECT
    _row AS row_no,
    'observed_at' AS column_name,
    CAST(NULL AS STRING) AS value,
    CAST(NULL AS DECIMAL(18, 4)) AS money
  FROM snapshots
  WHERE
    observed_at IS NULL
  UNION ALL
  SELECT
    _row AS row_no,
    'list_price' AS column_name,
    CAST(NULL AS STRING) AS value,
    CAST(NULL AS DECIMAL(18, 4)) AS money
  FROM snapshots
  WHERE
    list_price IS NULL
)
SELECT
  *
FROM final
