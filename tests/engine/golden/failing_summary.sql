WITH failing AS (
  SELECT
    *
  FROM order_lines_qty_not_positive
), failed_once AS (
  SELECT
    row_no,
    MAX(money) AS money
  FROM failing
  GROUP BY
    row_no
), totals AS (
  SELECT
    CAST(COUNT(*) AS BIGINT) AS failed_rows,
    CAST(SUM(money) AS DECIMAL(18, 4)) AS failed_money
  FROM failed_once
), per_column AS (
  SELECT
    column_name,
    CAST(COUNT(*) AS BIGINT) AS failed_values
  FROM failing
  GROUP BY
    column_name
), numbered AS (
  SELECT
    row_no,
    column_name,
    COALESCE(value, 'null') AS value,
    ROW_NUMBER() OVER (PARTITION BY column_name ORDER BY row_no NULLS LAST) AS position
  FROM failing
), final AS (
  SELECT
    numbered.column_name,
    CAST(numbered.position AS BIGINT) AS position,
    numbered.row_no,
    numbered.value,
    per_column.failed_values,
    totals.failed_rows,
    totals.failed_money
  FROM numbered
  INNER JOIN per_column
    ON numbered.column_name = per_column.column_name
  CROSS JOIN totals
  WHERE
    numbered.position <= 3
)
SELECT
  *
FROM final
