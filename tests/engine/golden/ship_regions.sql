WITH lines AS (
  SELECT
    TRIM(ship_region) AS ship_region
  FROM order_lines
  WHERE
    TRIM(ship_region) <> ''
), final AS (
  SELECT
    ship_region
  FROM lines
  GROUP BY
    ship_region
)
SELECT
  *
FROM final
