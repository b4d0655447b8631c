WITH lines AS (
  SELECT
    *
  FROM order_lines
), rates AS (
  SELECT
    *
  FROM fx_by_day
), priced AS (
  SELECT
    lines.*,
    COALESCE(rates.rate, 1) AS rate
  FROM lines
  LEFT JOIN stores
    ON lines.store_id = stores.store_id
  LEFT JOIN rates
    ON stores.currency = rates.currency AND CAST(lines.ordered_at AS DATE) = rates.day
), final AS (
  SELECT
    order_id,
    line_no,
    store_id,
    sku,
    ordered_at,
    qty,
    CAST(list_price * rate AS DECIMAL(18, 4)) AS list_price,
    CAST(paid_amount * rate AS DECIMAL(18, 4)) AS paid_amount,
    CAST(discount_markdown * rate AS DECIMAL(18, 4)) AS discount_markdown,
    CAST(discount_flash * rate AS DECIMAL(18, 4)) AS discount_flash,
    CAST(discount_subsidy * rate AS DECIMAL(18, 4)) AS discount_subsidy,
    CAST(discount_official_cut * rate AS DECIMAL(18, 4)) AS discount_official_cut,
    CAST(discount_member * rate AS DECIMAL(18, 4)) AS discount_member,
    CAST(discount_group * rate AS DECIMAL(18, 4)) AS discount_group,
    CAST(discount_presale * rate AS DECIMAL(18, 4)) AS discount_presale,
    CAST(discount_new_customer * rate AS DECIMAL(18, 4)) AS discount_new_customer,
    CAST(discount_coupon_item * rate AS DECIMAL(18, 4)) AS discount_coupon_item,
    CAST(discount_coupon_shop * rate AS DECIMAL(18, 4)) AS discount_coupon_shop,
    CAST(discount_tier_amount * rate AS DECIMAL(18, 4)) AS discount_tier_amount,
    CAST(discount_tier_qty * rate AS DECIMAL(18, 4)) AS discount_tier_qty,
    CAST(discount_bundle * rate AS DECIMAL(18, 4)) AS discount_bundle,
    CAST(discount_gift * rate AS DECIMAL(18, 4)) AS discount_gift,
    CAST(discount_tier_cross * rate AS DECIMAL(18, 4)) AS discount_tier_cross,
    CAST(discount_coupon_platform * rate AS DECIMAL(18, 4)) AS discount_coupon_platform,
    CAST(discount_points * rate AS DECIMAL(18, 4)) AS discount_points,
    CAST(discount_redpack * rate AS DECIMAL(18, 4)) AS discount_redpack,
    CAST(discount_shipping * rate AS DECIMAL(18, 4)) AS discount_shipping,
    CAST(discount_subscribe * rate AS DECIMAL(18, 4)) AS discount_subscribe,
    CAST(discount_cashback * rate AS DECIMAL(18, 4)) AS discount_cashback,
    CAST(discount_trade_in * rate AS DECIMAL(18, 4)) AS discount_trade_in,
    CAST(platform_amount * rate AS DECIMAL(18, 4)) AS platform_amount,
    buyer_id,
    CAST(refunded_amount * rate AS DECIMAL(18, 4)) AS refunded_amount,
    refunded_at,
    promo_id,
    ship_region,
    is_excluded,
    _row
  FROM priced
)
SELECT
  *
FROM final
