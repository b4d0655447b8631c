WITH dated AS (
  SELECT
    store_number,
    buyer,
    group_number,
    CAST(ordered_at AS DATE) AS day,
    ordered_at,
    sales
  FROM buyer_orders
  WHERE
    CAST(ordered_at AS DATE) <= :last
), quarterly AS (
  SELECT
    *,
    CAST(EXTRACT(YEAR FROM day) * 4 + EXTRACT(QUARTER FROM day) AS SMALLINT) AS quarter
  FROM dated
), final AS (
  SELECT
    store_number,
    buyer,
    quarter,
    MIN(group_number) AS group_number,
    MIN(day) AS first_day,
    MAX(ordered_at) AS last_at,
    CAST(COUNT(*) AS INT) AS orders,
    CAST(SUM(sales) AS DECIMAL(18, 4)) AS sales
  FROM quarterly
  GROUP BY
    store_number,
    buyer,
    quarter
)
SELECT
  *
FROM final
