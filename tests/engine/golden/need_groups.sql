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
    sku_needs.basket_use,
    DENSE_RANK() OVER (
      ORDER BY sku_needs.category NULLS LAST, sku_needs.price_tier NULLS LAST, sku_needs.basket_use NULLS LAST
    ) AS need_number
  FROM sku_categories
  INNER JOIN sku_needs
    ON sku_categories.sku = sku_needs.sku
), need_names AS (
  SELECT DISTINCT
    need_number,
    category,
    price_tier,
    basket_use
  FROM needs
), single AS (
  SELECT
    buyer_orders.store_number,
    buyer_orders.group_number,
    needs.need_number,
    CASE
      WHEN buyer_orders.buyer IS NULL
      THEN NULL
      WHEN known_before.buyer IS NULL
      THEN 'first'
      ELSE 'repeat'
    END AS brand_history,
    buyer_orders.is_full_price,
    COUNT(*) AS orders
  FROM buyer_orders
  INNER JOIN store_numbers
    ON buyer_orders.store_number = store_numbers.store_number
  LEFT JOIN known_before
    ON store_numbers.scope_number = known_before.scope_number
    AND buyer_orders.buyer = known_before.buyer
  LEFT JOIN needs
    ON buyer_orders.first_sku = needs.sku_number
  WHERE
    buyer_orders.first_sku = buyer_orders.last_sku
    AND CAST(buyer_orders.ordered_at AS DATE) >= :first
    AND CAST(buyer_orders.ordered_at AS DATE) <= :last
  GROUP BY
    buyer_orders.store_number,
    buyer_orders.group_number,
    needs.need_number,
    CASE
      WHEN buyer_orders.buyer IS NULL
      THEN NULL
      WHEN known_before.buyer IS NULL
      THEN 'first'
      ELSE 'repeat'
    END,
    buyer_orders.is_full_price
), several AS (
  SELECT
    buyer_orders.store_number,
    buyer_orders.order_id,
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
    buyer_orders.first_sku <> buyer_orders.last_sku
    AND CAST(buyer_orders.ordered_at AS DATE) >= :first
    AND CAST(buyer_orders.ordered_at AS DATE) <= :last
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
  INNER JOIN several
    ON order_products.store_number = several.store_number
    AND order_products.order_id = several.order_id
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
    several.store_number,
    several.group_number,
    categories.category,
    needs.price_tier,
    uses.basket_use,
    several.brand_history,
    several.is_full_price,
    1 AS orders
  FROM products
  INNER JOIN several
    ON products.store_number = several.store_number
    AND products.order_id = several.order_id
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
    single.store_number,
    single.group_number,
    need_names.category,
    need_names.price_tier,
    need_names.basket_use,
    single.brand_history,
    single.is_full_price,
    single.orders
  FROM single
  LEFT JOIN need_names
    ON single.need_number = need_names.need_number
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
