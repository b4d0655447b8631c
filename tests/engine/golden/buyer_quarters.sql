WITH bits AS (
  SELECT
    store_numbers.store_number,
    CAST(store_bits.circle AS SMALLINT) AS circle,
    store_bits.place,
    store_bits.bit
  FROM store_bits
  INNER JOIN store_numbers
    ON store_bits.store_id = store_numbers.store_id
), dated AS (
  SELECT
    store_number,
    buyer,
    digest,
    CAST(ordered_at AS DATE) AS day,
    sales
  FROM buyer_orders
  WHERE
    CAST(ordered_at AS DATE) <= :last
), numbered AS (
  SELECT
    bits.circle,
    bits.bit,
    dated.buyer,
    dated.digest,
    CAST(EXTRACT(YEAR FROM dated.day) * 4 + EXTRACT(QUARTER FROM dated.day) AS SMALLINT) AS quarter,
    CAST(DATEDIFF(CAST(dated.day AS DATE), CAST('1970-01-01' AS DATE)) * 64 + bits.place AS INT) AS came,
    dated.sales
  FROM dated
  INNER JOIN bits
    ON dated.store_number = bits.store_number
), visits AS (
  SELECT
    circle,
    bit,
    buyer,
    quarter,
    MIN(digest) AS digest,
    MIN(came) AS came,
    CAST(COUNT(*) AS INT) AS orders,
    CAST(SUM(sales) AS DECIMAL(18, 4)) AS sales
  FROM numbered
  GROUP BY
    circle,
    bit,
    buyer,
    quarter
), followed AS (
  SELECT
    circle,
    bit,
    buyer,
    quarter,
    orders,
    sales,
    MIN(digest) OVER (
      PARTITION BY circle, buyer
      ORDER BY quarter NULLS LAST
      range BETWEEN UNBOUNDED preceding AND UNBOUNDED following
    ) AS digest,
    BIT_OR(bit) OVER (
      PARTITION BY circle, buyer
      ORDER BY quarter NULLS LAST
      range BETWEEN CURRENT ROW AND CURRENT ROW
    ) AS bought,
    BIT_OR(bit) OVER (
      PARTITION BY circle, buyer
      ORDER BY quarter NULLS LAST
      range BETWEEN 1 preceding AND 1 preceding
    ) AS bought_last,
    BIT_OR(bit) OVER (
      PARTITION BY circle, buyer
      ORDER BY quarter NULLS LAST
      range BETWEEN UNBOUNDED preceding AND 1 preceding
    ) AS bought_before,
    MIN(came) OVER (
      PARTITION BY circle, buyer
      ORDER BY quarter NULLS LAST
      range BETWEEN CURRENT ROW AND CURRENT ROW
    ) AS first_came
  FROM visits
  WHERE
    NOT buyer IS NULL
), told AS (
  SELECT
    circle,
    quarter,
    digest,
    bought,
    COALESCE(bought_last, 0) AS bought_last,
    COALESCE(bought_before, 0) AS bought_before,
    CASE WHEN bought_before IS NULL THEN first_came % 64 END AS first_place,
    bit,
    orders,
    sales
  FROM followed
  WHERE
    quarter >= EXTRACT(YEAR FROM :first) * 4 + EXTRACT(QUARTER FROM :first) - 1
), counted AS (
  SELECT
    circle,
    quarter,
    digest,
    bought,
    bought_last,
    bought_before,
    first_place,
    bit,
    COUNT(*) AS buyers,
    SUM(orders) AS orders,
    SUM(sales) AS sales
  FROM told
  GROUP BY
    circle,
    quarter,
    digest,
    bought,
    bought_last,
    bought_before,
    first_place,
    bit
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
), patterns AS (
  SELECT
    circle,
    quarter,
    buyer_group,
    bought,
    bought_last,
    bought_before,
    first_place,
    bit,
    SUM(buyers) AS buyers,
    SUM(orders) AS orders,
    SUM(orders) AS known_orders,
    SUM(sales) AS sales
  FROM grouped
  GROUP BY
    circle,
    quarter,
    buyer_group,
    bought,
    bought_last,
    bought_before,
    first_place,
    bit
), others AS (
  SELECT
    circle,
    quarter,
    NULL AS buyer_group,
    0 AS bought,
    0 AS bought_last,
    0 AS bought_before,
    NULL AS first_place,
    bit,
    0 AS buyers,
    SUM(orders) AS orders,
    SUM(CASE WHEN buyer IS NULL THEN 0 ELSE orders END) AS known_orders,
    SUM(sales) AS sales
  FROM visits
  WHERE
    buyer IS NULL
    OR quarter < EXTRACT(YEAR FROM :first) * 4 + EXTRACT(QUARTER FROM :first) - 1
  GROUP BY
    circle,
    quarter,
    bit
), all_patterns AS (
  SELECT
    *
  FROM patterns
  UNION ALL
  SELECT
    *
  FROM others
), final AS (
  SELECT
    CAST(circle AS BIGINT) AS circle,
    CAST(quarter AS BIGINT) AS quarter,
    CAST(buyer_group AS STRING) AS buyer_group,
    CAST(bought AS BIGINT) AS bought,
    CAST(bought_last AS BIGINT) AS bought_last,
    CAST(bought_before AS BIGINT) AS bought_before,
    CAST(first_place AS BIGINT) AS first_place,
    bit,
    CAST(buyers AS BIGINT) AS buyers,
    CAST(orders AS BIGINT) AS orders,
    CAST(known_orders AS BIGINT) AS known_orders,
    CAST(sales AS DECIMAL(18, 4)) AS sales
  FROM all_patterns
)
SELECT
  *
FROM final
ORDER BY
  circle NULLS LAST,
  quarter NULLS LAST,
  buyer_group NULLS LAST,
  bought NULLS LAST,
  bought_last NULLS LAST,
  bought_before NULLS LAST,
  first_place NULLS LAST,
  bit NULLS LAST
