WITH observed AS (
  SELECT
    *
  FROM price_snapshots
), final AS (
  SELECT
    store_id,
    CAST(COUNT(*) AS BIGINT) AS snapshots,
    CAST(MIN(observed_at) AS DATE) AS first_day,
    CAST(MAX(observed_at) AS DATE) AS last_day
  FROM observed
  GROUP BY
    store_id
)
SELECT
  *
FROM final
