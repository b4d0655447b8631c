WITH opened AS (
  SELECT
    opened_stores.*,
    store_numbers.store_number AS opened_number,
    store_numbers.scope_number
  FROM opened_stores
  INNER JOIN store_numbers
    ON opened_stores.opened_id = store_numbers.store_id
), bought AS (
  SELECT
    opened.opened_id,
    opened.opened_number,
    opened.scope_number,
    buyer_orders.buyer,
    buyer_orders.ordered_at,
    CASE
      WHEN CAST(buyer_orders.ordered_at AS DATE) <= opened.short_last
      THEN buyer_orders.paid_amount
    END AS short_amount,
    CASE
      WHEN CAST(buyer_orders.ordered_at AS DATE) <= opened.long_last
      THEN buyer_orders.paid_amount
    END AS long_amount
  FROM buyer_orders
  INNER JOIN opened
    ON buyer_orders.store_number = opened.opened_number
), entrants AS (
  SELECT
    opened_id,
    opened_number,
    scope_number,
    buyer,
    MIN(ordered_at) AS first_at,
    COUNT(short_amount) AS orders_short,
    COUNT(long_amount) AS orders_long,
    CAST(SUM(COALESCE(short_amount, 0)) AS DECIMAL(18, 4)) AS paid_short,
    CAST(SUM(COALESCE(long_amount, 0)) AS DECIMAL(18, 4)) AS paid_long
  FROM bought
  GROUP BY
    opened_id,
    opened_number,
    scope_number,
    buyer
  HAVING
    COUNT(long_amount) > 0
), visits AS (
  SELECT
    entrants.opened_id,
    entrants.buyer,
    buyer_orders.store_number,
    MAX(
      CASE
        WHEN buyer_orders.ordered_at < entrants.first_at
        THEN buyer_orders.ordered_at
      END
    ) AS last_before,
    MAX(
      CASE
        WHEN buyer_orders.ordered_at > entrants.first_at
        THEN buyer_orders.ordered_at
      END
    ) AS last_after
  FROM buyer_orders
  INNER JOIN store_numbers
    ON buyer_orders.store_number = store_numbers.store_number
  INNER JOIN entrants
    ON buyer_orders.buyer = entrants.buyer
    AND store_numbers.scope_number = entrants.scope_number
    AND buyer_orders.store_number <> entrants.opened_number
  GROUP BY
    entrants.opened_id,
    entrants.buyer,
    buyer_orders.store_number
), latest AS (
  SELECT
    opened_id,
    buyer,
    MAX(last_before) AS last_before
  FROM visits
  GROUP BY
    opened_id,
    buyer
), left_behind AS (
  SELECT
    visits.opened_id,
    visits.buyer,
    MIN(visits.store_number) AS from_number
  FROM visits
  INNER JOIN latest
    ON visits.opened_id = latest.opened_id
    AND visits.buyer = latest.buyer
    AND visits.last_before = latest.last_before
  GROUP BY
    visits.opened_id,
    visits.buyer
), told AS (
  SELECT
    entrants.*,
    store_numbers.store_id AS from_store,
    CASE
      WHEN entrants.buyer IS NULL
      THEN 'unknown'
      WHEN left_behind.from_number IS NULL
      THEN 'brand_new'
      WHEN visits.last_after IS NULL
      THEN 'stopped'
      ELSE 'kept'
    END AS habit
  FROM entrants
  LEFT JOIN left_behind
    ON entrants.opened_id = left_behind.opened_id AND entrants.buyer = left_behind.buyer
  LEFT JOIN visits
    ON left_behind.opened_id = visits.opened_id
    AND left_behind.buyer = visits.buyer
    AND left_behind.from_number = visits.store_number
  LEFT JOIN store_numbers
    ON left_behind.from_number = store_numbers.store_number
), final AS (
  SELECT
    opened_id,
    habit,
    from_store,
    CAST(SUM(orders_short) AS BIGINT) AS orders_short,
    CAST(SUM(orders_long) AS BIGINT) AS orders_long,
    CAST(COUNT(CASE WHEN orders_short > 0 AND NOT buyer IS NULL THEN 1 END) AS BIGINT) AS buyers_short,
    CAST(COUNT(buyer) AS BIGINT) AS buyers_long,
    CAST(SUM(paid_short) AS DECIMAL(18, 4)) AS paid_short,
    CAST(SUM(paid_long) AS DECIMAL(18, 4)) AS paid_long
  FROM told
  GROUP BY
    opened_id,
    habit,
    from_store
)
SELECT
  *
FROM final
