WITH snapshots AS (
  SELECT
    store_id,
    sku,
    CAST(observed_at AS DATE) AS day,
    COALESCE(listed, TRUE) AS is_listed,
    list_price,
    activity_price,
    net_price,
    CASE WHEN in_stock THEN 1.0 WHEN NOT in_stock THEN 0.0 END AS in_stock
  FROM price_snapshots
  WHERE
    CAST(observed_at AS DATE) >= :first AND CAST(observed_at AS DATE) <= :last
), final AS (
  SELECT
    store_id,
    sku,
    CAST(DATE_TRUNC('WEEK', day) AS DATE) AS week_start,
    CAST(DATE_TRUNC('MONTH', day) AS DATE) AS month_start,
    CAST(COUNT(*) AS BIGINT) AS observations,
    CAST(COUNT(CASE WHEN is_listed THEN 1 END) AS BIGINT) AS listed_observations,
    AVG(CASE WHEN is_listed THEN CAST(list_price AS DOUBLE) END) AS list_price,
    AVG(CASE WHEN is_listed THEN CAST(activity_price AS DOUBLE) END) AS activity_price,
    AVG(CASE WHEN is_listed THEN CAST(net_price AS DOUBLE) END) AS one_piece_price,
    AVG(CAST(in_stock AS DOUBLE)) AS in_stock_share
  FROM snapshots
  GROUP BY
    store_id,
    sku,
    CAST(DATE_TRUNC('WEEK', day) AS DATE),
    CAST(DATE_TRUNC('MONTH', day) AS DATE)
)
SELECT
  *
FROM final
