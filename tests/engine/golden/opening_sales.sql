WITH lines AS (
  SELECT
    store_id,
    sku,
    CAST(ordered_at AS DATE) AS day,
    paid_amount,
    CAST(paid_amount * paid_amount AS DECIMAL(36, 8)) AS square
  FROM order_lines
  WHERE
    NOT COALESCE(is_excluded, FALSE)
), final AS (
  SELECT
    opening_days.opened_id,
    lines.store_id AS seller_id,
    lines.sku,
    opening_days.week,
    CAST(COUNT(*) AS BIGINT) AS lines,
    CAST(SUM(lines.paid_amount) AS DECIMAL(18, 4)) AS paid_amount,
    CAST(SUM(lines.square) AS DECIMAL(38, 8)) AS squares
  FROM lines
  INNER JOIN opening_days
    ON lines.day = opening_days.day
  GROUP BY
    opening_days.opened_id,
    lines.store_id,
    lines.sku,
    opening_days.week
)
SELECT
  *
FROM final
