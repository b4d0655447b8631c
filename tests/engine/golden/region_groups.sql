WITH places AS (
  SELECT
    store_id,
    '|' || REPLACE(REPLACE(TRIM(regions), ' |', '|'), '| ', '|') || '|' AS regions
  FROM stores
  WHERE
    TRIM(regions) <> ''
), lines AS (
  SELECT
    order_lines.store_id,
    order_lines.order_id,
    MD5(COALESCE(order_lines.buyer_id, order_lines.order_id)) AS digest,
    NULLIF(TRIM(order_lines.ship_region), '') AS ship_region,
    order_lines.paid_amount,
    places.regions
  FROM order_lines
  INNER JOIN places
    ON order_lines.store_id = places.store_id
  WHERE
    NOT COALESCE(order_lines.is_excluded, FALSE)
    AND CAST(order_lines.ordered_at AS DATE) >= :first
    AND CAST(order_lines.ordered_at AS DATE) <= :last
), grouped AS (
  SELECT
    store_id,
    order_id,
    ship_region,
    paid_amount,
    SUBSTRING(digest, 1, 1) || CASE
      WHEN SUBSTRING(digest, 2, 1) < '4'
      THEN 'a'
      WHEN SUBSTRING(digest, 2, 1) < '8'
      THEN 'b'
      WHEN SUBSTRING(digest, 2, 1) < 'c'
      THEN 'c'
      ELSE 'd'
    END AS buyer_group,
    LOCATE('|' || ship_region || '|', regions) = 0 AS is_outside
  FROM lines
), final AS (
  SELECT
    store_id,
    buyer_group,
    ship_region,
    is_outside,
    CAST(COUNT(DISTINCT order_id) AS BIGINT) AS orders,
    CAST(SUM(paid_amount) AS DECIMAL(18, 4)) AS paid_amount
  FROM grouped
  GROUP BY
    store_id,
    buyer_group,
    ship_region,
    is_outside
)
SELECT
  *
FROM final
