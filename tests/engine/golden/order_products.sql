WITH orders AS (
  SELECT
    store_number,
    order_id
  FROM buyer_orders
  WHERE
    first_sku < last_sku
), final AS (
  SELECT
    orders.store_number,
    orders.order_id,
    COALESCE(sku_categories.sku_number, 0) AS sku_number,
    CAST(SUM(order_lines.paid_amount) AS DECIMAL(18, 4)) AS paid_amount
  FROM order_lines
  INNER JOIN store_numbers
    ON order_lines.store_id = store_numbers.store_id
  INNER JOIN orders
    ON store_numbers.store_number = orders.store_number
    AND order_lines.order_id = orders.order_id
  LEFT JOIN sku_categories
    ON order_lines.sku = sku_categories.sku
  WHERE
    NOT COALESCE(order_lines.is_excluded, FALSE)
  GROUP BY
    orders.store_number,
    orders.order_id,
    COALESCE(sku_categories.sku_number, 0)
)
SELECT
  *
FROM final
