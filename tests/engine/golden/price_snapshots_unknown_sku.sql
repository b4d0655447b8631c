WITH snapshots AS (
  SELECT
    *
  FROM price_snapshots
), goods AS (
  SELECT
    *
  FROM products
), final AS (
  SELECT
    snapshots._row AS row_no,
    'sku' AS column_name,
    snapshots.sku AS value,
    CAST(NULL AS DECIMAL(18, 4)) AS money
  FROM snapshots
  LEFT JOIN goods
    ON snapshots.sku = goods.sku
  WHERE
    goods.sku IS NULL AND NOT snapshots.sku IS NULL
)
SELECT
  *
FROM final
