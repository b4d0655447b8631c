WITH lines AS (
  SELECT
    store_id,
    CAST(ordered_at AS DATE) AS day,
    qty,
    CAST(ROUND((CAST(qty AS DOUBLE) * CAST(list_price AS DOUBLE)) * 1E4D) / 1E4D AS DECIMAL(18, 4)) AS list_amount,
    paid_amount + CASE WHEN :add_platform THEN COALESCE(platform_amount, 0) ELSE 0 END - CASE WHEN :less_refunds THEN COALESCE(refunded_amount, 0) ELSE 0 END AS sales,
    paid_amount,
    platform_amount,
    refunded_amount,
    CASE WHEN NOT refunded_amount IS NULL THEN paid_amount ELSE 0 END AS refund_known_paid
  FROM order_lines
  WHERE
    NOT COALESCE(is_excluded, FALSE)
), order_days AS (
  SELECT
    store_number,
    CAST(ordered_at AS DATE) AS day,
    COUNT(*) AS orders,
    COUNT(buyer) AS known_orders
  FROM buyer_orders
  GROUP BY
    store_number,
    CAST(ordered_at AS DATE)
), orders AS (
  SELECT
    store_numbers.store_id,
    order_days.day,
    order_days.orders,
    order_days.known_orders
  FROM order_days
  INNER JOIN store_numbers
    ON order_days.store_number = store_numbers.store_number
), amounts AS (
  SELECT
    store_id,
    day,
    COUNT(*) AS lines,
    SUM(qty) AS units,
    SUM(list_amount) AS list_amount,
    SUM(sales) AS sales,
    SUM(paid_amount) AS paid_amount,
    SUM(platform_amount) AS platform_amount,
    SUM(refunded_amount) AS refunded_amount,
    SUM(refund_known_paid) AS refund_known_paid
  FROM lines
  GROUP BY
    store_id,
    day
), visits AS (
  SELECT
    store_id,
    date AS day,
    COALESCE(SUM(CASE WHEN source = 'all' THEN visitors END), SUM(visitors)) AS visitors
  FROM traffic
  GROUP BY
    store_id,
    date
), final AS (
  SELECT
    COALESCE(amounts.store_id, visits.store_id) AS store_id,
    COALESCE(amounts.day, visits.day) AS day,
    CAST(COALESCE(orders.orders, 0) AS BIGINT) AS orders,
    CAST(COALESCE(orders.known_orders, 0) AS BIGINT) AS known_orders,
    CAST(COALESCE(amounts.lines, 0) AS BIGINT) AS lines,
    CAST(COALESCE(amounts.units, 0) AS DECIMAL(18, 3)) AS units,
    CAST(COALESCE(amounts.list_amount, 0) AS DECIMAL(18, 4)) AS list_amount,
    CAST(COALESCE(amounts.sales, 0) AS DECIMAL(18, 4)) AS sales,
    CAST(COALESCE(amounts.paid_amount, 0) AS DECIMAL(18, 4)) AS paid_amount,
    CAST(amounts.platform_amount AS DECIMAL(18, 4)) AS platform_amount,
    CAST(amounts.refunded_amount AS DECIMAL(18, 4)) AS refunded_amount,
    CAST(COALESCE(amounts.refund_known_paid, 0) AS DECIMAL(18, 4)) AS refund_known_paid,
    CAST(visits.visitors AS BIGINT) AS visitors,
    CAST(CASE WHEN NOT visits.visitors IS NULL THEN COALESCE(orders.orders, 0) ELSE 0 END AS BIGINT) AS tracked_orders,
    CAST(CASE WHEN NOT visits.visitors IS NULL THEN COALESCE(amounts.sales, 0) ELSE 0 END AS DECIMAL(18, 4)) AS tracked_sales
  FROM amounts
  LEFT JOIN orders
    ON amounts.store_id = orders.store_id AND amounts.day = orders.day
  FULL JOIN visits
    ON amounts.store_id = visits.store_id AND amounts.day = visits.day
)
SELECT
  *
FROM final
