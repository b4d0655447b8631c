WITH final AS (
  SELECT
    sku
  FROM order_lines
  WHERE
    NOT sku IS NULL
  GROUP BY
    sku
)
SELECT
  *
FROM final
