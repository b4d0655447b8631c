WITH keyed AS (
  SELECT
    _row,
    store_id,
    sku,
    observed_at,
    XXHASH64(store_id, sku, observed_at) AS key_hash
  FROM price_snapshots
), suspects AS (
  SELECT
    key_hash
  FROM keyed
  GROUP BY
    key_hash
  HAVING
    COUNT(*) > 1
), counted AS (
  SELECT
    keyed.*,
    COUNT(*) OVER (PARTITION BY keyed.store_id, keyed.sku, keyed.observed_at) AS copies
  FROM keyed
  INNER JOIN suspects
    ON keyed.key_hash = suspects.key_hash
), final AS (
  SELECT
    _row AS row_no,
    'observed_at' AS column_name,
    CONCAT_WS(' / ', store_id, sku, observed_at) AS value,
    CAST(NULL AS DECIMAL(18, 4)) AS money
  FROM counted
  WHERE
    copies > 1
)
SELECT
  *
FROM final
