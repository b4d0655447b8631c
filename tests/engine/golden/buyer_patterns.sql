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
    group_number,
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
    MIN(dated.group_number) AS group_number,
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
    group_number,
    bought,
    bought_before,
    orders,
    COUNT(*) AS buyers
  FROM buyers
  WHERE
    orders > 0
  GROUP BY
    circle,
    group_number,
    bought,
    bought_before,
    orders
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
