WITH bits AS (
  SELECT
    store_numbers.store_number,
    CAST(store_bits.circle AS SMALLINT) AS circle,
    store_bits.place,
    store_bits.bit
  FROM store_bits
  INNER JOIN store_numbers
    ON store_bits.store_id = store_numbers.store_id
), visits AS (
  SELECT
    bits.circle,
    bits.bit,
    buyer_visits.buyer,
    buyer_visits.quarter,
    buyer_visits.group_number,
    NOT buyer_visits.buyer IS NULL AND buyer_visits.first_day >= :patterns_first AS has_pattern,
    CAST(DATEDIFF(CAST(buyer_visits.first_day AS DATE), CAST('1970-01-01' AS DATE)) * 64 + bits.place AS INT) AS came,
    buyer_visits.orders,
    buyer_visits.sales
  FROM buyer_visits
  INNER JOIN bits
    ON buyer_visits.store_number = bits.store_number
), shown AS (
  SELECT
    circle,
    buyer,
    quarter,
    BIT_OR(bit) AS bought,
    MIN(came) AS came
  FROM visits
  WHERE
    has_pattern
  GROUP BY
    circle,
    buyer,
    quarter
), known_visits AS (
  SELECT
    store_number,
    buyer,
    quarter
  FROM earlier_buyer_visits
  WHERE
    NOT buyer IS NULL
  UNION ALL
  SELECT
    store_number,
    buyer,
    quarter
  FROM buyer_visits
  WHERE
    NOT buyer IS NULL
), before AS (
  SELECT
    shown.circle,
    shown.buyer,
    shown.quarter,
    BIT_OR(CASE WHEN known_visits.quarter = shown.quarter - 1 THEN bits.bit ELSE 0 END) AS bought_last,
    BIT_OR(bits.bit) AS bought_before
  FROM known_visits
  INNER JOIN bits
    ON known_visits.store_number = bits.store_number
  INNER JOIN shown
    ON bits.circle = shown.circle
    AND known_visits.buyer = shown.buyer
    AND known_visits.quarter < shown.quarter
  GROUP BY
    shown.circle,
    shown.buyer,
    shown.quarter
), told AS (
  SELECT
    shown.circle,
    shown.quarter,
    shown.buyer,
    shown.bought,
    COALESCE(before.bought_last, 0) AS bought_last,
    COALESCE(before.bought_before, 0) AS bought_before,
    CASE WHEN before.bought_before IS NULL THEN shown.came % 64 END AS first_place
  FROM shown
  LEFT JOIN before
    ON shown.circle = before.circle
    AND shown.buyer = before.buyer
    AND shown.quarter = before.quarter
), patterns AS (
  SELECT
    told.circle,
    told.quarter,
    visits.group_number,
    told.bought,
    told.bought_last,
    told.bought_before,
    told.first_place,
    visits.bit,
    COUNT(*) AS buyers,
    SUM(visits.orders) AS orders,
    SUM(visits.orders) AS known_orders,
    SUM(visits.sales) AS sales
  FROM told
  INNER JOIN visits
    ON told.circle = visits.circle
    AND told.buyer = visits.buyer
    AND told.quarter = visits.quarter
  GROUP BY
    told.circle,
    told.quarter,
    visits.group_number,
    told.bought,
    told.bought_last,
    told.bought_before,
    told.first_place,
    visits.bit
), others AS (
  SELECT
    circle,
    quarter,
    NULL AS group_number,
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
    NOT has_pattern
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
    SUBSTRING(
      '0123456789abcdef',
      CAST(ROUND((
        group_number - group_number % 4
      ) / 4) AS BIGINT) + 1,
      1
    ) || SUBSTRING('abcd', group_number % 4 + 1, 1) AS buyer_group,
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
