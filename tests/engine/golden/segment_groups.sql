WITH lines AS (
  SELECT
    order_lines.store_id,
    order_lines.order_id,
    order_lines.buyer_id,
    own_segments.segment_set,
    own_segments.segment,
    CAST(order_lines.ordered_at AS DATE) AS day,
    order_lines.paid_amount
  FROM order_lines
  INNER JOIN own_segments
    ON order_lines.sku = own_segments.sku
  WHERE
    NOT COALESCE(order_lines.is_excluded, FALSE)
    AND order_lines.ordered_at >= CAST(:first AS TIMESTAMP_NTZ) - INTERVAL '1' DAY
    AND CAST(order_lines.ordered_at AS DATE) <= :last
), parts AS (
  SELECT
    store_id,
    order_id,
    segment_set,
    segment,
    MIN(buyer_id) AS buyer_id,
    MIN(day) AS day,
    CAST(SUM(paid_amount) AS DECIMAL(18, 4)) AS paid_amount
  FROM lines
  GROUP BY
    store_id,
    order_id,
    segment_set,
    segment
), ranked AS (
  SELECT
    *,
    MIN(buyer_id) OVER (PARTITION BY store_id, order_id, segment_set) AS order_buyer,
    MIN(day) OVER (PARTITION BY store_id, order_id, segment_set) AS order_day,
    ROW_NUMBER() OVER (
      PARTITION BY store_id, order_id, segment_set
      ORDER BY paid_amount DESC, segment ASC NULLS LAST
    ) AS place
  FROM parts
), grouped AS (
  SELECT
    store_id,
    segment_set,
    segment,
    MD5(COALESCE(order_buyer, order_id)) AS digest
  FROM ranked
  WHERE
    place = 1 AND order_day >= :first
), placed AS (
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
  FROM grouped
), final AS (
  SELECT
    store_id,
    buyer_group,
    segment_set,
    segment,
    CAST(COUNT(*) AS BIGINT) AS orders
  FROM placed
  GROUP BY
    store_id,
    buyer_group,
    segment_set,
    segment
)
SELECT
  *
FROM final
