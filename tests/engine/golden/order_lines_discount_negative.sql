WITH lines AS (
  SELECT
    *
  FROM order_lines
), suspects AS (
  SELECT
    _row,
    paid_amount,
    EXPLODE(
      ARRAY(
        STRUCT('discount_markdown' AS column_name, discount_markdown AS amount),
        STRUCT('discount_flash' AS column_name, discount_flash AS amount),
        STRUCT('discount_subsidy' AS column_name, discount_subsidy AS amount),
        STRUCT('discount_official_cut' AS column_name, discount_official_cut AS amount),
        STRUCT('discount_member' AS column_name, discount_member AS amount),
        STRUCT('discount_group' AS column_name, discount_group AS amount),
        STRUCT('discount_presale' AS column_name, discount_presale AS amount),
        STRUCT('discount_new_customer' AS column_name, discount_new_customer AS amount),
        STRUCT('discount_coupon_item' AS column_name, discount_coupon_item AS amount),
        STRUCT('discount_coupon_shop' AS column_name, discount_coupon_shop AS amount),
        STRUCT('discount_tier_amount' AS column_name, discount_tier_amount AS amount),
        STRUCT('discount_tier_qty' AS column_name, discount_tier_qty AS amount),
        STRUCT('discount_bundle' AS column_name, discount_bundle AS amount),
        STRUCT('discount_gift' AS column_name, discount_gift AS amount),
        STRUCT('discount_tier_cross' AS column_name, discount_tier_cross AS amount),
        STRUCT('discount_coupon_platform' AS column_name, discount_coupon_platform AS amount),
        STRUCT('discount_points' AS column_name, discount_points AS amount),
        STRUCT('discount_redpack' AS column_name, discount_redpack AS amount),
        STRUCT('discount_shipping' AS column_name, discount_shipping AS amount),
        STRUCT('discount_subscribe' AS column_name, discount_subscribe AS amount),
        STRUCT('discount_cashback' AS column_name, discount_cashback AS amount),
        STRUCT('discount_trade_in' AS column_name, discount_trade_in AS amount)
      )
    ) AS part
  FROM lines
  WHERE
    LEAST(
      discount_markdown,
      discount_flash,
      discount_subsidy,
      discount_official_cut,
      discount_member,
      discount_group,
      discount_presale,
      discount_new_customer,
      discount_coupon_item,
      discount_coupon_shop,
      discount_tier_amount,
      discount_tier_qty,
      discount_bundle,
      discount_gift,
      discount_tier_cross,
      discount_coupon_platform,
      discount_points,
      discount_redpack,
      discount_shipping,
      discount_subscribe,
      discount_cashback,
      discount_trade_in
    ) < 0
), final AS (
  SELECT
    suspects._row AS row_no,
    part.column_name,
    CAST(part.amount AS STRING) AS value,
    suspects.paid_amount AS money
  FROM suspects
  WHERE
    part.amount < 0
)
SELECT
  *
FROM final
