WITH snapshots AS (
  SELECT
    *
  FROM price_snapshots
), shops AS (
  SELECT
    *
  FROM stores
), final AS (
  SELECT
    snapshots._row AS row_no,
    'store_id' AS column_name,
    snapshots.store_id AS value,
    CAST(NULL AS DECIMAL(18, 4)) AS money
  FROM snapshots
  LEFT JOIN shops
    ON snapshots.store_id = shops.store_id
  WHERE
    shops.store_id IS NULL AND NOT snapshots.store_id IS NULL
)
SELECT
  *
FROM final
