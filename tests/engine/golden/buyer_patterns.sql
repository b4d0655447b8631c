WITH bits AS (
  SELECT
    store_numbers.store_number,
    CAST(store_bits.circle AS SMALLINT) AS circle,
    store_bits.bit
  FROM store_bits
  INNER JOIN store_numbers
    ON store_bits.store_id = store_numbers.store_id
), dated AS (
  SELECT
    store_number,
    buyer,
    digest,
    CAST(ordered_at AS DATE) AS day
  FROM buyer_orders
  WHERE
    NOT buyer IS NULL
    AND CAST(ordered_at AS DATE) >= :history_first
    AND CAST(ordered_at AS DATE) <= :last
), buyers AS (
  SELECT
    bits.circle,
    dated.buyer,
    MIN(dated.digest) AS digest,
    BIT_OR(CASE WHEN dated.day >= :first THEN bits.bit ELSE 0 END) AS bought,
    BIT_OR(CASE WHEN dated.day < :first THEN bits.bit ELSE 0 END) AS bought_before,
    COUNT(CASE WHEN dated.day >= :first THEN 1 END) AS orders
  FROM dated
  INNER JOIN bits
    ON dated.store_number = bits.store_number
  GROUP BY
    bits.circle,
    dated.buyer
), counted AS (
  SELECT
    circle,
    digest,
    bought,
    bought_before,
    orders,
    COUNT(*) AS buyers
  FROM buyers
  WHERE
    orders > 0
  GROUP BY
    circle,
    digest,
    bought,
    bought_before,
    orders
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
  FROM counted
), final AS (
  SELECT
    CAST(circle AS BIGINT) AS circle,
    buyer_group,
    bought,
    bought_before,
    CAST(orders AS BIGINT) AS orders,
    CAST(SUM(buyers) AS BIGINT) AS buyers
  FROM grouped
  GROUP BY
    circle,
    buyer_group,
    bought,
    bought_before,
    orders
)
SELECT
  *
FROM final
ORDER BY
  circle NULLS LAST,
  buyer_group NULLS LAST,
  bought NULLS LAST,
  bought_before NULLS LAST,
  orders NULLS LAST
