WITH lines AS (
  SELECT
    store_id,
    order_id,
    buyer_id,
    sku,
    ordered_at,
    CAST(ordered_at AS DATE) AS day,
    CAST(qty AS DECIMAL(18, 4)) AS pieces,
    CAST(ROUND((CAST(qty AS DOUBLE) * CAST(list_price AS DOUBLE)) * 1E4D) / 1E4D AS DECIMAL(18, 4)) AS list_amount,
    COALESCE(discount_markdown, 0) + COALESCE(discount_flash, 0) + COALESCE(discount_subsidy, 0) + COALESCE(discount_official_cut, 0) + COALESCE(discount_member, 0) + COALESCE(discount_group, 0) + COALESCE(discount_presale, 0) + COALESCE(discount_subscribe, 0) AS item_discount,
    COALESCE(discount_new_customer, 0) + COALESCE(discount_coupon_item, 0) + COALESCE(discount_coupon_shop, 0) + COALESCE(discount_tier_amount, 0) + COALESCE(discount_tier_qty, 0) + COALESCE(discount_bundle, 0) AS shop_discount,
    COALESCE(discount_tier_cross, 0) + COALESCE(discount_coupon_platform, 0) AS platform_discount,
    COALESCE(discount_points, 0) AS points_discount,
    COALESCE(discount_redpack, 0) AS redpack_discount,
    paid_amount
  FROM order_lines
  WHERE
    NOT COALESCE(is_excluded, FALSE)
    AND ordered_at >= CAST(:first AS TIMESTAMP_NTZ) - INTERVAL '1' DAY
    AND ordered_at < CAST(:last AS TIMESTAMP_NTZ) + INTERVAL '2' DAY
), told AS (
  SELECT
    *,
    list_amount - item_discount AS activity_amount,
    list_amount - item_discount - shop_discount AS after_shop,
    list_amount - item_discount - shop_discount - platform_discount AS after_platform,
    list_amount - item_discount - shop_discount - platform_discount - points_discount AS after_points,
    CASE
      WHEN ABS(
        list_amount - item_discount - shop_discount - platform_discount - points_discount - redpack_discount - paid_amount
      ) * 100 <= pieces
      THEN 1
      ELSE 0
    END AS is_told
  FROM lines
), orders AS (
  SELECT
    store_id,
    order_id,
    SUBSTRING(MD5(COALESCE(MIN(buyer_id), order_id)), 1, 2) AS digest,
    MIN(ordered_at) AS placed_at,
    CAST(SUM(pieces) AS DECIMAL(18, 4)) AS pieces,
    CAST(SUM(list_amount) AS DECIMAL(18, 4)) AS list_amount,
    CAST(SUM(activity_amount) AS DECIMAL(18, 4)) AS activity_amount,
    CAST(SUM(after_shop) AS DECIMAL(18, 4)) AS after_shop,
    CAST(SUM(after_platform) AS DECIMAL(18, 4)) AS after_platform,
    CAST(SUM(after_points) AS DECIMAL(18, 4)) AS after_points,
    CAST(SUM(paid_amount) AS DECIMAL(18, 4)) AS paid,
    MIN(is_told) AS is_told
  FROM told
  GROUP BY
    store_id,
    order_id
  HAVING
    CAST(MIN(ordered_at) AS DATE) >= :first
    AND CAST(MIN(ordered_at) AS DATE) <= :last
), slots AS (
  SELECT DISTINCT
    day,
    slot_from,
    slot_to,
    spell
  FROM running_terms
), placed AS (
  SELECT
    orders.*,
    slots.spell
  FROM orders
  INNER JOIN slots
    ON CAST(orders.placed_at AS DATE) = slots.day
    AND orders.placed_at >= slots.slot_from
    AND orders.placed_at < slots.slot_to
), terms AS (
  SELECT DISTINCT
    term_id,
    store_id,
    scope,
    base,
    threshold,
    spell
  FROM running_terms
), marks AS (
  SELECT
    base,
    CAST(threshold AS DECIMAL(18, 5)) AS mark
  FROM terms
  UNION
  SELECT
    base,
    CAST(threshold * 0.8 AS DECIMAL(18, 5)) AS mark
  FROM terms
  UNION
  SELECT
    base,
    CAST(GREATEST(threshold - 1, 0.0001) AS DECIMAL(18, 5)) AS mark
  FROM terms
  WHERE
    base = 'pieces'
), amounts AS (
  SELECT DISTINCT
    'pieces' AS base,
    pieces AS amount
  FROM placed
  UNION ALL
  SELECT DISTINCT
    'list' AS base,
    list_amount AS amount
  FROM placed
  UNION ALL
  SELECT DISTINCT
    'activity' AS base,
    activity_amount AS amount
  FROM placed
  UNION ALL
  SELECT DISTINCT
    'after_shop' AS base,
    after_shop AS amount
  FROM placed
  UNION ALL
  SELECT DISTINCT
    'after_platform' AS base,
    after_platform AS amount
  FROM placed
  UNION ALL
  SELECT DISTINCT
    'after_points' AS base,
    after_points AS amount
  FROM placed
  UNION ALL
  SELECT DISTINCT
    'paid' AS base,
    paid AS amount
  FROM placed
), floors AS (
  SELECT
    amounts.base,
    amounts.amount,
    MAX(marks.mark) AS mark
  FROM amounts
  INNER JOIN marks
    ON amounts.base = marks.base AND amounts.amount >= marks.mark
  GROUP BY
    amounts.base,
    amounts.amount
), counted AS (
  SELECT
    placed.store_id,
    placed.digest,
    placed.spell,
    placed.is_told,
    pieces_floors.mark AS pieces_mark,
    list_floors.mark AS list_mark,
    activity_floors.mark AS activity_mark,
    after_shop_floors.mark AS after_shop_mark,
    after_platform_floors.mark AS after_platform_mark,
    after_points_floors.mark AS after_points_mark,
    paid_floors.mark AS paid_mark,
    COUNT(*) AS orders
  FROM placed
  LEFT JOIN floors AS pieces_floors
    ON placed.pieces = pieces_floors.amount AND pieces_floors.base = 'pieces'
  LEFT JOIN floors AS list_floors
    ON placed.list_amount = list_floors.amount AND list_floors.base = 'list'
  LEFT JOIN floors AS activity_floors
    ON placed.activity_amount = activity_floors.amount
    AND activity_floors.base = 'activity'
  LEFT JOIN floors AS after_shop_floors
    ON placed.after_shop = after_shop_floors.amount
    AND after_shop_floors.base = 'after_shop'
  LEFT JOIN floors AS after_platform_floors
    ON placed.after_platform = after_platform_floors.amount
    AND after_platform_floors.base = 'after_platform'
  LEFT JOIN floors AS after_points_floors
    ON placed.after_points = after_points_floors.amount
    AND after_points_floors.base = 'after_points'
  LEFT JOIN floors AS paid_floors
    ON placed.paid = paid_floors.amount AND paid_floors.base = 'paid'
  GROUP BY
    placed.store_id,
    placed.digest,
    placed.spell,
    placed.is_told,
    pieces_floors.mark,
    list_floors.mark,
    activity_floors.mark,
    after_shop_floors.mark,
    after_platform_floors.mark,
    after_points_floors.mark,
    paid_floors.mark
), covered AS (
  SELECT DISTINCT
    terms.term_id,
    products.sku
  FROM terms
  CROSS JOIN products
  WHERE
    (
      SUBSTRING(terms.scope, 1, 4) = 'sku:'
      AND LOCATE('|' || products.sku || '|', '|' || SUBSTRING(terms.scope, 5) || '|') > 0
    )
    OR (
      SUBSTRING(terms.scope, 1, 9) = 'category:'
      AND LOCATE(SUBSTRING(terms.scope, 10) || ' > ', products.category || ' > ') = 1
    )
), scoped AS (
  SELECT
    told.*
  FROM told
  WHERE
    told.sku IN (
      SELECT
        covered.sku
      FROM covered
    )
), in_scope AS (
  SELECT
    placed.store_id,
    placed.digest,
    terms.term_id,
    terms.store_id = placed.store_id AS is_own,
    terms.base,
    terms.threshold,
    CAST(SUM(scoped.pieces) AS DECIMAL(18, 4)) AS pieces,
    CAST(SUM(scoped.list_amount) AS DECIMAL(18, 4)) AS list_amount,
    CAST(SUM(scoped.activity_amount) AS DECIMAL(18, 4)) AS activity_amount,
    CAST(SUM(scoped.after_shop) AS DECIMAL(18, 4)) AS after_shop,
    CAST(SUM(scoped.after_platform) AS DECIMAL(18, 4)) AS after_platform,
    CAST(SUM(scoped.after_points) AS DECIMAL(18, 4)) AS after_points,
    CAST(SUM(scoped.paid_amount) AS DECIMAL(18, 4)) AS paid,
    MIN(scoped.is_told) AS is_told
  FROM scoped
  INNER JOIN covered
    ON scoped.sku = covered.sku
  INNER JOIN placed
    ON scoped.store_id = placed.store_id AND scoped.order_id = placed.order_id
  INNER JOIN terms
    ON covered.term_id = terms.term_id AND placed.spell = terms.spell
  GROUP BY
    placed.store_id,
    placed.order_id,
    placed.digest,
    terms.term_id,
    terms.store_id,
    terms.base,
    terms.threshold
), tested AS (
  SELECT
    counted.store_id,
    counted.digest,
    terms.term_id,
    terms.store_id = counted.store_id AS is_own,
    terms.base,
    terms.threshold,
    counted.orders,
    CASE
      WHEN terms.scope <> 'store'
      OR terms.base IN ('pieces', 'list', 'paid')
      OR counted.is_told = 1
      THEN counted.orders
      ELSE 0
    END AS known_orders,
    CASE
      WHEN terms.scope = 'store'
      AND (
        terms.base IN ('pieces', 'list', 'paid') OR counted.is_told = 1
      )
      THEN CASE terms.base
        WHEN 'pieces'
        THEN counted.pieces_mark
        WHEN 'list'
        THEN counted.list_mark
        WHEN 'activity'
        THEN counted.activity_mark
        WHEN 'after_shop'
        THEN counted.after_shop_mark
        WHEN 'after_platform'
        THEN counted.after_platform_mark
        WHEN 'after_points'
        THEN counted.after_points_mark
        ELSE counted.paid_mark
      END
    END AS amount,
    counted.orders AS weight
  FROM counted
  INNER JOIN terms
    ON counted.spell = terms.spell
  UNION ALL
  SELECT
    store_id,
    digest,
    term_id,
    is_own,
    base,
    threshold,
    0 AS orders,
    CASE WHEN base IN ('pieces', 'list', 'paid') OR is_told = 1 THEN 0 ELSE -1 END AS known_orders,
    CASE
      WHEN base IN ('pieces', 'list', 'paid') OR is_told = 1
      THEN CASE base
        WHEN 'pieces'
        THEN pieces
        WHEN 'list'
        THEN list_amount
        WHEN 'activity'
        THEN activity_amount
        WHEN 'after_shop'
        THEN after_shop
        WHEN 'after_platform'
        THEN after_platform
        WHEN 'after_points'
        THEN after_points
        ELSE paid
      END
    END AS amount,
    1 AS weight
  FROM in_scope
), grouped AS (
  SELECT
    *,
    SUBSTRING(digest, 1, 1) || CASE
      WHEN SUBSTRING(digest, 2, 1) < '4'
      THEN 'a'
      WHEN SUBSTRING(digest, 2, 1) < '8'
      THEN 'b'
      WHEN SUBSTRING(digest, 2, 1) < 'c'
      THEN 'c'
      ELSE 'd'
    END AS buyer_group
  FROM tested
), final AS (
  SELECT
    store_id,
    term_id,
    is_own,
    buyer_group,
    CAST(SUM(orders) AS BIGINT) AS orders,
    CAST(SUM(known_orders) AS BIGINT) AS known_orders,
    CAST(SUM(CASE WHEN amount >= threshold THEN weight ELSE 0 END) AS BIGINT) AS reached,
    CAST(SUM(
      CASE
        WHEN amount < threshold
        AND (
          amount * 5 >= threshold * 4
          OR (
            base = 'pieces' AND amount > 0 AND amount + 1 >= threshold
          )
        )
        THEN weight
        ELSE 0
      END
    ) AS BIGINT) AS near
  FROM grouped
  GROUP BY
    store_id,
    term_id,
    is_own,
    buyer_group
)
SELECT
  *
FROM final
