WITH snapshots AS (
  SELECT
    *
  FROM price_snapshots
), rates AS (
  SELECT
    *
  FROM fx_by_day
), priced AS (
  SELECT
    snapshots.*,
    COALESCE(rates.rate, 1) AS rate
  FROM snapshots
  LEFT JOIN stores
    ON snapshots.store_id = stores.store_id
  LEFT JOIN rates
    ON stores.currency = rates.currency
    AND CAST(snapshots.observed_at AS DATE) = rates.day
), final AS (
  SELECT
    store_id,
    sku,
    observed_at,
    CAST(list_price * rate AS DECIMAL(18, 4)) AS list_price,
    CAST(activity_price * rate AS DECIMAL(18, 4)) AS activity_price,
    CAST(net_price * rate AS DECIMAL(18, 4)) AS net_price,
    in_stock,
    listed,
    _row
  FROM priced
)
SELECT
  *
FROM final
