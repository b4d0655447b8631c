WITH snapshots AS (
  SELECT
    *
  FROM price_snapshots
), final AS (
  SELECT
    _row AS row_no,
    'activity_price' AS column_name,
    CONCAT(COALESCE(CAST(activity_price AS STRING), ''), COALESCE(CAST(' of ' AS STRING), ''), COALESCE(CAST(list_price AS STRING), '')) AS value,
    CAST(NULL AS DECIMAL(18, 4)) AS money
  FROM snapshots
  WHERE
    activity_price > list_price
  UNION ALL
  SELECT
    _row AS row_no,
    'net_price' AS column_name,
    CONCAT(COALESCE(CAST(net_price AS STRING), ''), COALESCE(CAST(' of ' AS STRING), ''), COALESCE(CAST(list_price AS STRING), '')) AS value,
    CAST(NULL AS DECIMAL(18, 4)) AS money
  FROM snapshots
  WHERE
    net_price > list_price
)
SELECT
  *
FROM final
