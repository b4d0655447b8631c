WITH lines AS (
  SELECT
    *
  FROM order_lines
), goods AS (
  SELECT
    *
  FROM products
), final AS (
  SELECT
    lines._row AS row_no,
    'sku' AS column_name,
    lines.sku AS value,
    lines.paid_amount AS money
  FROM lines
  LEFT JOIN goods
    ON lines.sku = goods.sku
  WHERE
    goods.sku IS NULL AND NOT lines.sku IS NULL
)
SELECT
  *
FROM final
