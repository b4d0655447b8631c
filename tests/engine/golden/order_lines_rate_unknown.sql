WITH lines AS (
  SELECT
    *
  FROM order_lines
), first_rates AS (
  SELECT
    currency,
    MIN(date) AS day
  FROM fx
  WHERE
    NOT rate IS NULL
  GROUP BY
    currency
), foreign_shops AS (
  SELECT
    stores.store_id,
    first_rates.day
  FROM stores
  INNER JOIN first_rates
    ON stores.currency = first_rates.currency
  WHERE
    stores.currency <> :currency
), final AS (
  SELECT
    lines._row AS row_no,
    'ordered_at' AS column_name,
    CAST(lines.ordered_at AS STRING) AS value,
    lines.paid_amount AS money
  FROM lines
  INNER JOIN foreign_shops
    ON lines.store_id = foreign_shops.store_id
  WHERE
    CAST(lines.ordered_at AS DATE) < foreign_shops.day
)
SELECT
  *
FROM final
