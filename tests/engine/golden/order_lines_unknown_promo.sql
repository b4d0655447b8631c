WITH lines AS (
  SELECT
    *
  FROM order_lines
), offers AS (
  SELECT
    *
  FROM promotions
), final AS (
  SELECT
    lines._row AS row_no,
    'promo_id' AS column_name,
    lines.promo_id AS value,
    lines.paid_amount AS money
  FROM lines
  LEFT JOIN offers
    ON lines.promo_id = offers.promo_id
  WHERE
    offers.promo_id IS NULL AND NOT lines.promo_id IS NULL
)
SELECT
  *
FROM final
