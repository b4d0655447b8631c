WITH orders AS (
  SELECT
    buyer_orders.store_number,
    store_numbers.scope_number,
    buyer_orders.order_id,
    buyer_orders.buyer,
    buyer_orders.group_number,
    buyer_orders.ordered_at,
    buyer_orders.first_sku,
    buyer_orders.sales
  FROM buyer_orders
  INNER JOIN store_numbers
    ON buyer_orders.store_number = store_numbers.store_number
  WHERE
    NOT buyer_orders.buyer IS NULL
    AND CAST(buyer_orders.ordered_at AS DATE) >= :switching_first
    AND CAST(buyer_orders.ordered_at AS DATE) <= :last
), mixed AS (
  SELECT
    order_products.store_number,
    order_products.order_id,
    COALESCE(sku_categories.category_number, 0) AS category_number,
    SUM(order_products.paid_amount) AS paid_amount
  FROM order_products
  LEFT JOIN sku_categories
    ON order_products.sku_number = sku_categories.sku_number
  GROUP BY
    order_products.store_number,
    order_products.order_id,
    COALESCE(sku_categories.category_number, 0)
), ranked AS (
  SELECT
    *,
    ROW_NUMBER() OVER (
      PARTITION BY store_number, order_id
      ORDER BY paid_amount DESC, category_number ASC NULLS LAST
    ) AS place
  FROM mixed
), largest AS (
  SELECT
    *
  FROM ranked
  WHERE
    place = 1
), dealt AS (
  SELECT
    orders.scope_number,
    orders.buyer,
    orders.group_number,
    orders.ordered_at,
    orders.store_number,
    COALESCE(largest.category_number, sku_categories.category_number, 0) AS category_number,
    orders.sales
  FROM orders
  LEFT JOIN largest
    ON orders.store_number = largest.store_number AND orders.order_id = largest.order_id
  LEFT JOIN sku_categories
    ON orders.first_sku = sku_categories.sku_number
), placed AS (
  SELECT
    scope_number,
    buyer,
    CAST(ordered_at AS DATE) AS day
  FROM orders
  WHERE
    CAST(ordered_at AS DATE) >= :first
), recent AS (
  SELECT DISTINCT
    scope_number,
    buyer
  FROM placed
), begun AS (
  SELECT
    MIN(day) AS first_day
  FROM placed
), seen_before AS (
  SELECT
    store_numbers.scope_number,
    earlier_buyer_visits.buyer,
    earlier_buyer_visits.last_at,
    earlier_buyer_visits.store_number
  FROM earlier_buyer_visits
  INNER JOIN store_numbers
    ON earlier_buyer_visits.store_number = store_numbers.store_number
  CROSS JOIN begun
  INNER JOIN recent
    ON store_numbers.scope_number = recent.scope_number
    AND earlier_buyer_visits.buyer = recent.buyer
  WHERE
    DATEDIFF(CAST(begun.first_day AS DATE), CAST(earlier_buyer_visits.last_at AS DATE)) <= :switching_days
), followed AS (
  SELECT
    scope_number,
    buyer,
    group_number,
    ordered_at,
    store_number,
    category_number,
    sales
  FROM dealt
  UNION ALL
  SELECT
    scope_number,
    buyer,
    NULL AS group_number,
    last_at AS ordered_at,
    store_number,
    NULL AS category_number,
    NULL AS sales
  FROM seen_before
), sequences AS (
  SELECT
    *,
    LAG(store_number) OVER (
      PARTITION BY scope_number, buyer
      ORDER BY ordered_at NULLS LAST, store_number NULLS LAST, category_number NULLS LAST, sales NULLS LAST
    ) AS store_before,
    LAG(ordered_at) OVER (
      PARTITION BY scope_number, buyer
      ORDER BY ordered_at NULLS LAST, store_number NULLS LAST, category_number NULLS LAST, sales NULLS LAST
    ) AS ordered_before
  FROM followed
), dated AS (
  SELECT
    scope_number,
    group_number,
    CAST(DATE_TRUNC('WEEK', ordered_at) AS DATE) AS week_start,
    category_number,
    CASE
      WHEN ordered_before = ordered_at AND store_before <> store_number
      THEN NULL
      WHEN DATEDIFF(CAST(ordered_at AS DATE), CAST(ordered_before AS DATE)) <= :switching_days
      THEN store_before
    END AS from_number,
    store_number AS to_number,
    sales
  FROM sequences
  WHERE
    CAST(ordered_at AS DATE) >= :first
), counted AS (
  SELECT
    scope_number,
    group_number,
    week_start,
    category_number,
    from_number,
    to_number,
    COUNT(*) AS orders,
    SUM(sales) AS sales
  FROM dated
  GROUP BY
    scope_number,
    group_number,
    week_start,
    category_number,
    from_number,
    to_number
), grouped AS (
  SELECT
    *,
    SUBSTRING(
      '0123456789abcdef',
      CAST(ROUND((
        group_number - group_number % 4
      ) / 4) AS BIGINT) + 1,
      1
    ) || SUBSTRING('abcd', group_number % 4 + 1, 1) AS buyer_group
  FROM counted
), summed AS (
  SELECT
    scope_number,
    buyer_group,
    week_start,
    category_number,
    from_number,
    to_number,
    CAST(SUM(orders) AS BIGINT) AS orders,
    CAST(SUM(sales) AS DECIMAL(18, 4)) AS sales
  FROM grouped
  GROUP BY
    scope_number,
    buyer_group,
    week_start,
    category_number,
    from_number,
    to_number
), categories AS (
  SELECT DISTINCT
    category_number,
    category
  FROM sku_categories
), final AS (
  SELECT
    arrived.scope,
    summed.buyer_group,
    summed.week_start,
    COALESCE(categories.category, '') AS category,
    COALESCE(departed.store_id, '') AS from_store,
    arrived.store_id AS to_store,
    summed.orders,
    summed.sales
  FROM summed
  INNER JOIN store_numbers AS arrived
    ON summed.to_number = arrived.store_number
  LEFT JOIN store_numbers AS departed
    ON summed.from_number = departed.store_number
  LEFT JOIN categories
    ON summed.category_number = categories.category_number
)
SELECT
  *
FROM final
