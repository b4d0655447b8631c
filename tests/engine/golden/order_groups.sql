WITH lines AS (
  SELECT
    store_id,
    SUBSTRING(MD5(COALESCE(buyer_id, order_id)), 1, 2) AS digest,
    SUBSTRING(MD5(order_id), 3, 1) AS order_digit,
    qty,
    paid_amount + CASE WHEN :add_platform THEN COALESCE(platform_amount, 0) ELSE 0 END - CASE WHEN :less_refunds THEN COALESCE(refunded_amount, 0) ELSE 0 END AS sales,
    paid_amount,
    CASE
      WHEN CAST(ordered_at AS DATE) <= :mature_last AND NOT refunded_amount IS NULL
      THEN paid_amount
      ELSE 0
    END AS mature_paid,
    CASE
      WHEN CAST(ordered_at AS DATE) <= :mature_last
      THEN COALESCE(refunded_amount, 0)
      ELSE 0
    END AS mature_refunded
  FROM order_lines
  WHERE
    NOT COALESCE(is_excluded, FALSE)
    AND CAST(ordered_at AS DATE) >= :first
    AND CAST(ordered_at AS DATE) <= :last
), amounts AS (
  SELECT
    store_id,
    digest,
    order_digit,
    SUM(qty) AS units,
    SUM(sales) AS sales,
    SUM(paid_amount) AS paid_amount,
    SUM(mature_paid) AS mature_paid,
    SUM(mature_refunded) AS mature_refunded
  FROM lines
  GROUP BY
    store_id,
    digest,
    order_digit
), placed AS (
  SELECT
    store_number,
    group_number,
    SUBSTRING(MD5(order_id), 3, 1) AS order_digit,
    buyer
  FROM buyer_orders
  WHERE
    CAST(ordered_at AS DATE) >= :first AND CAST(ordered_at AS DATE) <= :last
), counts AS (
  SELECT
    store_number,
    group_number,
    order_digit,
    COUNT(*) AS orders,
    COUNT(buyer) AS known_orders
  FROM placed
  GROUP BY
    store_number,
    group_number,
    order_digit
), grouped AS (
  SELECT
    store_id,
    SUBSTRING(digest, 1, 1) || CASE
      WHEN SUBSTRING(digest, 2, 1) < '4'
      THEN 'a'
      WHEN SUBSTRING(digest, 2, 1) < '8'
      THEN 'b'
      WHEN SUBSTRING(digest, 2, 1) < 'c'
      THEN 'c'
      ELSE 'd'
    END AS buyer_group,
    order_digit,
    0 AS orders,
    0 AS known_orders,
    units,
    sales,
    paid_amount,
    mature_paid,
    mature_refunded
  FROM amounts
  UNION ALL
  SELECT
    store_numbers.store_id,
    SUBSTRING(
      '0123456789abcdef',
      CAST(ROUND((
        counts.group_number - counts.group_number % 4
      ) / 4) AS BIGINT) + 1,
      1
    ) || SUBSTRING('abcd', counts.group_number % 4 + 1, 1) AS buyer_group,
    counts.order_digit,
    counts.orders,
    counts.known_orders,
    0 AS units,
    0 AS sales,
    0 AS paid_amount,
    0 AS mature_paid,
    0 AS mature_refunded
  FROM counts
  INNER JOIN store_numbers
    ON counts.store_number = store_numbers.store_number
), slotted AS (
  SELECT
    *,
    CASE
      WHEN order_digit < '4'
      THEN 'a'
      WHEN order_digit < '8'
      THEN 'b'
      WHEN order_digit < 'c'
      THEN 'c'
      ELSE 'd'
    END AS order_slot
  FROM grouped
), final AS (
  SELECT
    store_id,
    buyer_group,
    order_slot,
    CAST(SUM(orders) AS BIGINT) AS orders,
    CAST(SUM(known_orders) AS BIGINT) AS known_orders,
    CAST(SUM(units) AS DECIMAL(18, 3)) AS units,
    CAST(SUM(sales) AS DECIMAL(18, 4)) AS sales,
    CAST(SUM(paid_amount) AS DECIMAL(18, 4)) AS paid_amount,
    CAST(SUM(mature_paid) AS DECIMAL(18, 4)) AS mature_paid,
    CAST(SUM(mature_refunded) AS DECIMAL(18, 4)) AS mature_refunded
  FROM slotted
  GROUP BY
    store_id,
    buyer_group,
    order_slot
)
SELECT
  *
FROM final
