WITH excluded AS (
  SELECT
    store_id,
    CAST(ordered_at AS DATE) AS day
  FROM order_lines
  WHERE
    is_excluded
), final AS (
  SELECT
    store_id,
    day,
    CAST(COUNT(*) AS BIGINT) AS lines
  FROM excluded
  GROUP BY
    store_id,
    day
)
SELECT
  *
FROM final
