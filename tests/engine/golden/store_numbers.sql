WITH scoped AS (
  SELECT
    store_id,
    COALESCE(buyer_id_scope, platform) AS scope
  FROM stores
), final AS (
  SELECT
    store_id,
    CAST(ROW_NUMBER() OVER (ORDER BY store_id NULLS LAST) AS SMALLINT) AS store_number,
    scope,
    CASE
      WHEN NOT scope IS NULL
      THEN CAST(DENSE_RANK() OVER (ORDER BY scope NULLS LAST) AS SMALLINT)
    END AS scope_number
  FROM scoped
)
SELECT
  *
FROM final
