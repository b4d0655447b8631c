WITH refunds AS (
  SELECT
    store_id,
    DATEDIFF(CAST(refunded_at AS DATE), CAST(ordered_at AS DATE)) AS lag_days,
    refunded_amount
  FROM order_lines
  WHERE
    NOT COALESCE(is_excluded, FALSE)
    AND refunded_amount > 0
    AND NOT refunded_at IS NULL
    AND CAST(ordered_at AS DATE) < :mature_before
), final AS (
  SELECT
    store_id,
    CAST(lag_days AS BIGINT) AS lag_days,
    CAST(SUM(refunded_amount) AS DECIMAL(18, 4)) AS refunded_amount
  FROM refunds
  GROUP BY
    store_id,
    lag_days
)
SELECT
  *
FROM final
