WITH lines AS (
  SELECT
    *
  FROM order_lines
), shops AS (
  SELECT
    *
  FROM stores
), final AS (
  SELECT
    lines._row AS row_no,
    'store_id' AS column_name,
    lines.store_id AS value,
    lines.paid_amount AS money
  FROM lines
  LEFT JOIN shops
    ON lines.store_id = shops.store_id
  WHERE
    shops.store_id IS NULL AND NOT lines.store_id IS NULL
)
SELECT
  *
FROM final
