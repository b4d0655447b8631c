WITH snapshots AS (
  SELECT
    *
  FROM price_snapshots
), first_rates AS (
  SELECT
    currency,
    MIN(date) AS day
  FROM fx
  WHERE
    NOT rate IS NULL
  GROUP BY
    currency
), foreign_shops AS (
  SELECT
    stores.store_id,
    first_rates.day
  FROM stores
  INNER JOIN first_rates
    ON stores.currency = first_rates.currency
  WHERE
    stores.currency <> :currency
), final AS (
  SELECT
    snapshots._row AS row_no,
    'observed_at' AS column_name,
    CAST(snapshots.observed_at AS STRING) AS value,
    CAST(NULL AS DECIMAL(18, 4)) AS money
  FROM snapshots
  INNER JOIN foreign_shops
    ON snapshots.store_id = foreign_shops.store_id
  WHERE
    CAST(snapshots.observed_at AS DATE) < foreign_shops.day
)
SELECT
  *
FROM final
