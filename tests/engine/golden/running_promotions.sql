WITH final AS (
  SELECT
    store_id,
    store_id AS member_id,
    promo_id,
    mechanism,
    starts_at,
    ends_at,
    label,
    scope,
    threshold_kind,
    threshold,
    threshold_base,
    benefit_kind,
    benefit,
    repeat,
    cap,
    stack_group,
    priority,
    eligibility,
    merchant_share,
    gift_sku
  FROM promotions
  WHERE
    CAST(starts_at AS DATE) <= :last AND CAST(ends_at AS DATE) >= :first
)
SELECT
  *
FROM final
