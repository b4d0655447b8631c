WITH keyed AS (
  SELECT
    _row,
    store_id,
    order_id,
    line_no,
    paid_amount,
    XXHASH64(store_id, order_id, line_no) AS key_hash
  FROM order_lines
), suspects AS (
  SELECT
    key_hash
  FROM keyed
  GROUP BY
    key_hash
  HAVING
    COUNT(*) > 1
), counted AS (
  SELECT
    keyed.*,
    COUNT(*) OVER (PARTITION BY keyed.store_id, keyed.order_id, keyed.line_no) AS copies
  FROM keyed
  INNER JOIN suspects
    ON keyed.key_hash = suspects.key_hash
), final AS (
  SELECT
    _row AS row_no,
    'line_no' AS column_name,
    CONCAT_WS(' / ', store_id, order_id, line_no) AS value,
    paid_amount AS money
  FROM counted
  WHERE
    copies > 1
)
SELECT
  *
FROM final
