WITH snapshots AS (
  SELECT
    *
  FROM price_snapshots
), final AS (
  SELECT
    _row AS row_no,
    'list_price' AS column_name,
    CAST(list_price AS STRING) AS value,
    CAST(NULL AS DECIMAL(18, 4)) AS money
  FROM snapshots
  WHERE
    list_price <= 0
  UNION ALL
  SELECT
    _row AS row_no,
    'activity_price' AS column_name,
    CAST(activity_price AS STRING) AS value,
    CAST(NULL AS DECIMAL(18, 4)) AS money
  FROM snapshots
  WHERE
    activity_price <= 0
  UNION ALL
  SELECT
    _row AS row_no,
    'net_price' AS column_name,
    CAST(net_price AS STRING) AS value,
    CAST(NULL AS DECIMAL(18, 4)) AS money
  FROM snapshots
  WHERE
    net_price <= 0
)
SELECT
  *
FROM final
