WITH lines AS (
  SELECT
    *
  FROM order_lines
), shops AS (
  SELECT
    *
  FROM stores
), final AS (
  SELECT
    lines._row AS row_no,
    'ordered_at' AS column_name,
    CAST(lines.ordered_at AS STRING) AS value,
    lines.paid_amount AS money
  FROM lines
  INNER JOIN shops
    ON lines.store_id = shops.store_id
  WHERE
    CAST(lines.ordered_at AS DATE) < shops.opened_on
    OR CAST(lines.ordered_at AS DATE) > shops.closed_on
)
SELECT
  *
FROM final
