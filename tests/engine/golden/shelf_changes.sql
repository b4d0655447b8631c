WITH snapshots AS (
  SELECT
    store_id,
    sku,
    observed_at,
    CAST(observed_at AS DATE) AS day,
    list_price,
    activity_price,
    net_price
  FROM price_snapshots
  WHERE
    COALESCE(listed, TRUE)
    AND CAST(observed_at AS DATE) >= :history_first
    AND CAST(observed_at AS DATE) <= :last
), placed AS (
  SELECT
    *,
    ROW_NUMBER() OVER (PARTITION BY store_id, sku, day ORDER BY observed_at DESC) AS place_from_end
  FROM snapshots
), days AS (
  SELECT
    *,
    LAG(day) OVER (PARTITION BY store_id, sku ORDER BY observed_at NULLS LAST) AS seen_before,
    LAG(list_price) OVER (PARTITION BY store_id, sku ORDER BY observed_at NULLS LAST) AS last_list,
    LAG(activity_price) OVER (PARTITION BY store_id, sku ORDER BY observed_at NULLS LAST) AS last_activity,
    LAG(net_price) OVER (PARTITION BY store_id, sku ORDER BY observed_at NULLS LAST) AS last_net
  FROM placed
  WHERE
    place_from_end = 1
), prices AS (
  SELECT
    store_id,
    sku,
    day,
    seen_before,
    CASE
      WHEN NOT net_price IS NULL AND NOT last_net IS NULL
      THEN net_price
      WHEN NOT activity_price IS NULL AND NOT last_activity IS NULL
      THEN activity_price
      ELSE list_price
    END AS price,
    CASE
      WHEN NOT net_price IS NULL AND NOT last_net IS NULL
      THEN last_net
      WHEN NOT activity_price IS NULL AND NOT last_activity IS NULL
      THEN last_activity
      ELSE last_list
    END AS last_price
  FROM days
  WHERE
    day >= :first
), moves AS (
  SELECT
    *,
    CASE WHEN 100 * price >= 103 * last_price THEN 1 ELSE 0 END AS rises,
    CASE WHEN 100 * price <= 97 * last_price THEN 1 ELSE 0 END AS falls
  FROM prices
  WHERE
    last_price > 0
), final AS (
  SELECT
    store_id,
    sku,
    day,
    seen_before,
    CAST(rises AS BIGINT) AS rises,
    CAST(falls AS BIGINT) AS falls
  FROM moves
  WHERE
    rises + falls > 0
)
SELECT
  *
FROM final
