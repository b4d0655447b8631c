WITH known_before AS (
  SELECT DISTINCT
    store_numbers.scope_number,
    buyer_orders.buyer
  FROM buyer_orders
  INNER JOIN store_numbers
    ON buyer_orders.store_number = store_numbers.store_number
  WHERE
    NOT buyer_orders.buyer IS NULL
    AND CAST(buyer_orders.ordered_at AS DATE) >= :history_first
    AND CAST(buyer_orders.ordered_at AS DATE) < :first
), needs AS (
  SELECT
    sku_categories.sku_number,
    sku_categories.sku,
    sku_needs.category,
    sku_needs.price_tier,
    sku_needs.basket_use
  FROM sku_categories
  INNER JOIN sku_needs
    ON sku_categories.sku = sku_needs.sku
), placed AS (
  SELECT
    buyer_orders.store_number,
    CASE
      WHEN buyer_orders.first_sku <> buyer_orders.last_sku
      THEN buyer_orders.order_id
    END AS order_id,
    CASE
      WHEN buyer_orders.first_sku = buyer_orders.last_sku
      THEN buyer_orders.first_sku
    END AS only_sku,
    buyer_orders.group_number,
    CASE
      WHEN buyer_orders.buyer IS NULL
      THEN NULL
      WHEN known_before.buyer IS NULL
      THEN 'first'
      ELSE 'repeat'
    END AS brand_history,
    buyer_orders.is_full_price
  FROM buyer_orders
  INNER JOIN store_numbers
    ON buyer_orders.store_number = store_numbers.store_number
  LEFT JOIN known_before
    ON store_numbers.scope_number = known_before.scope_number
    AND buyer_orders.buyer = known_before.buyer
  WHERE
    CAST(buyer_orders.ordered_at AS DATE) >= :first
    AND CAST(buyer_orders.ordered_at AS DATE) <= :last
), described AS (
  SELECT
    store_number,
    order_id,
    only_sku,
    group_number,
    brand_history,
    is_full_price,
    COUNT(*) AS orders
  FROM placed
  GROUP BY
    store_number,
    order_id,
    only_sku,
    group_number,
    brand_history,
    is_full_price
), mixed AS (
  SELECT
    order_products.store_number,
    order_products.order_id,
    order_products.sku_number,
    needs.sku,
    needs.category,
    needs.basket_use,
    order_products.paid_amount
  FROM order_products
  INNER JOIN described
    ON order_products.store_number = described.store_number
    AND order_products.order_id = described.order_id
  LEFT JOIN needs
    ON order_products.sku_number = needs.sku_number
), products AS (
  SELECT
    *,
    ROW_NUMBER() OVER (PARTITION BY store_number, order_id ORDER BY paid_amount DESC, sku ASC NULLS LAST) AS place
  FROM mixed
), category_sums AS (
  SELECT
    store_number,
    order_id,
    category,
    CAST(SUM(paid_amount) AS DECIMAL(18, 4)) AS paid_amount
  FROM mixed
  GROUP BY
    store_number,
    order_id,
    category
), categories AS (
  SELECT
    *,
    ROW_NUMBER() OVER (
      PARTITION BY store_number, order_id
      ORDER BY paid_amount DESC, category ASC NULLS LAST
    ) AS place
  FROM category_sums
), use_sums AS (
  SELECT
    store_number,
    order_id,
    basket_use,
    CAST(SUM(paid_amount) AS DECIMAL(18, 4)) AS paid_amount
  FROM mixed
  GROUP BY
    store_number,
    order_id,
    basket_use
), uses AS (
  SELECT
    *,
    ROW_NUMBER() OVER (
      PARTITION BY store_number, order_id
      ORDER BY paid_amount DESC, basket_use ASC NULLS LAST
    ) AS place
  FROM use_sums
), dealt AS (
  SELECT
    described.store_number,
    described.group_number,
    categories.category,
    needs.price_tier,
    uses.basket_use,
    described.brand_history,
    described.is_full_price,
    described.orders
  FROM products
  INNER JOIN described
    ON products.store_number = described.store_number
    AND products.order_id = described.order_id
  INNER JOIN categories
    ON products.store_number = categories.store_number
    AND products.order_id = categories.order_id
  INNER JOIN uses
    ON products.store_number = uses.store_number AND products.order_id = uses.order_id
  LEFT JOIN needs
    ON products.sku_number = needs.sku_number
  WHERE
    products.place = 1 AND categories.place = 1 AND uses.place = 1
  UNION ALL
  SELECT
    described.store_number,
    described.group_number,
    needs.category,
    needs.price_tier,
    needs.basket_use,
    described.brand_history,
    described.is_full_price,
    described.orders
  FROM described
  LEFT JOIN needs
    ON described.only_sku = needs.sku_number
  WHERE
    described.order_id IS NULL
), grouped AS (
  SELECT
    store_numbers.store_id,
    SUBSTRING(
      '0123456789abcdef',
      CAST(ROUND((
        dealt.group_number - dealt.group_number % 4
      ) / 4) AS BIGINT) + 1,
      1
    ) || SUBSTRING('abcd', dealt.group_number % 4 + 1, 1) AS buyer_group,
    dealt.category,
    dealt.price_tier,
    dealt.basket_use,
    dealt.brand_history,
    CASE WHEN dealt.is_full_price THEN 'full_price' ELSE 'discounted' END AS promotion,
    dealt.orders
  FROM dealt
  INNER JOIN store_numbers
    ON dealt.store_number = store_numbers.store_number
), final AS (
  SELECT
    store_id,
    buyer_group,
    category,
    price_tier,
    basket_use,
    brand_history,
    promotion,
    CAST(SUM(orders) AS BIGINT) AS orders
  FROM grouped
  GROUP BY
    store_id,
    buyer_group,
    category,
    price_tier,
    basket_use,
    brand_history,
    promotion
)
SELECT
  *
FROM final
ORDER BY
  store_id ASC NULLS LAST,
  buyer_group ASC NULLS LAST,
  category ASC NULLS LAST,
  price_tier ASC NULLS LAST,
  basket_use ASC NULLS LAST,
  brand_history ASC NULLS LAST,
  promotion ASC NULLS LAST
