WITH snapshots AS (
  SELECT
    store_id,
    CAST(observed_at AS DATE) AS day
  FROM price_snapshots
  WHERE
    CAST(observed_at AS DATE) >= :first AND CAST(observed_at AS DATE) <= :last
), final AS (
  SELECT
    store_id,
    day,
    CAST(COUNT(*) AS BIGINT) AS observations
  FROM snapshots
  GROUP BY
    store_id,
    day
)
SELECT
  *
FROM final
