WITH keyed AS (
  SELECT
    _row,
    store_id,
    order_id,
    ordered_at,
    paid_amount,
    XXHASH64(store_id, order_id) AS order_hash
  FROM order_lines
), suspects AS (
  SELECT
    order_hash
  FROM keyed
  GROUP BY
    order_hash
  HAVING
    MIN(ordered_at) < MAX(ordered_at)
), timed AS (
  SELECT
    keyed.*,
    MIN(keyed.ordered_at) OVER (PARTITION BY keyed.store_id, keyed.order_id) AS first_at
  FROM keyed
  INNER JOIN suspects
    ON keyed.order_hash = suspects.order_hash
), final AS (
  SELECT
    _row AS row_no,
    'ordered_at' AS column_name,
    CAST(ordered_at AS STRING) AS value,
    paid_amount AS money
  FROM timed
  WHERE
    ordered_at > first_at
)
SELECT
  *
FROM final
