WITH lines AS (
  SELECT
    store_id,
    TRIM(ship_region) AS region
  FROM order_lines
  WHERE
    TRIM(ship_region) <> ''
), final AS (
  SELECT
    store_id,
    region
  FROM lines
  GROUP BY
    store_id,
    region
)
SELECT
  *
FROM final
