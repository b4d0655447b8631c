WITH lines AS (
  SELECT
    store_id,
    MD5(COALESCE(buyer_id, order_id)) AS digest,
    qty,
    CAST(ROUND((CAST(qty AS DOUBLE) * CAST(list_price AS DOUBLE)) * 1E4D) / 1E4D AS DECIMAL(18, 4)) AS list_amount,
    paid_amount,
    platform_amount,
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
    discount_trade_in,
    COALESCE(discount_markdown, 0) + COALESCE(discount_flash, 0) + COALESCE(discount_subsidy, 0) + COALESCE(discount_official_cut, 0) + COALESCE(discount_member, 0) + COALESCE(discount_group, 0) + COALESCE(discount_presale, 0) + COALESCE(discount_new_customer, 0) + COALESCE(discount_coupon_item, 0) + COALESCE(discount_coupon_shop, 0) + COALESCE(discount_tier_amount, 0) + COALESCE(discount_tier_qty, 0) + COALESCE(discount_bundle, 0) + COALESCE(discount_tier_cross, 0) + COALESCE(discount_coupon_platform, 0) + COALESCE(discount_points, 0) + COALESCE(discount_redpack, 0) + COALESCE(discount_subscribe, 0) AS explained,
    CASE WHEN discount_markdown > 0 THEN 1 ELSE 0 END + CASE WHEN discount_flash > 0 THEN 1 ELSE 0 END + CASE WHEN discount_subsidy > 0 THEN 1 ELSE 0 END + CASE WHEN discount_official_cut > 0 THEN 1 ELSE 0 END + CASE WHEN discount_member > 0 THEN 1 ELSE 0 END + CASE WHEN discount_group > 0 THEN 1 ELSE 0 END + CASE WHEN discount_presale > 0 THEN 1 ELSE 0 END + CASE WHEN discount_new_customer > 0 THEN 1 ELSE 0 END + CASE WHEN discount_coupon_item > 0 THEN 1 ELSE 0 END + CASE WHEN discount_coupon_shop > 0 THEN 1 ELSE 0 END + CASE WHEN discount_tier_amount > 0 THEN 1 ELSE 0 END + CASE WHEN discount_tier_qty > 0 THEN 1 ELSE 0 END + CASE WHEN discount_bundle > 0 THEN 1 ELSE 0 END + CASE WHEN discount_tier_cross > 0 THEN 1 ELSE 0 END + CASE WHEN discount_coupon_platform > 0 THEN 1 ELSE 0 END + CASE WHEN discount_points > 0 THEN 1 ELSE 0 END + CASE WHEN discount_redpack > 0 THEN 1 ELSE 0 END + CASE WHEN discount_subscribe > 0 THEN 1 ELSE 0 END AS mechanism_count
  FROM order_lines
  WHERE
    NOT COALESCE(is_excluded, FALSE)
    AND CAST(ordered_at AS DATE) >= :first
    AND CAST(ordered_at AS DATE) <= :last
), rests AS (
  SELECT
    *,
    SUBSTRING(digest, 1, 1) || CASE
      WHEN SUBSTRING(digest, 2, 1) < '4'
      THEN 'a'
      WHEN SUBSTRING(digest, 2, 1) < '8'
      THEN 'b'
      WHEN SUBSTRING(digest, 2, 1) < 'c'
      THEN 'c'
      ELSE 'd'
    END AS buyer_group,
    list_amount - explained - paid_amount AS rest,
    CASE
      WHEN 100 * (
        list_amount - explained - paid_amount
      ) > qty
      THEN list_amount - explained - paid_amount
      ELSE 0
    END AS unexplained_discount
  FROM lines
), shares AS (
  SELECT
    *,
    CAST(list_amount AS DOUBLE) / NULLIF(CAST(explained + unexplained_discount AS DOUBLE), 0) AS list_per_discount
  FROM rests
), final AS (
  SELECT
    store_id,
    buyer_group,
    CAST(COUNT(*) AS BIGINT) AS lines,
    CAST(COUNT(list_per_discount) AS BIGINT) AS discounted_lines,
    CAST(SUM(mechanism_count) AS BIGINT) AS mechanism_lines,
    CAST(SUM(qty) AS DECIMAL(18, 3)) AS units,
    CAST(SUM(CASE WHEN NOT list_per_discount IS NULL THEN qty ELSE 0 END) AS DECIMAL(18, 3)) AS promoted_units,
    CAST(SUM(list_amount) AS DECIMAL(18, 4)) AS list_amount,
    CAST(SUM(paid_amount) AS DECIMAL(18, 4)) AS paid_amount,
    CAST(SUM(platform_amount) AS DECIMAL(18, 4)) AS platform_amount,
    CAST(SUM(CASE WHEN NOT platform_amount IS NULL THEN list_amount - paid_amount END) AS DECIMAL(18, 4)) AS funding_known_discount,
    CAST(SUM(rest) AS DECIMAL(18, 4)) AS unexplained_amount,
    CAST(SUM(CASE WHEN 100 * ABS(rest) > qty THEN ABS(rest) ELSE 0 END) AS DECIMAL(18, 4)) AS unexplained_size,
    CAST(SUM(discount_markdown) AS DECIMAL(18, 4)) AS discount_markdown,
    CAST(SUM(discount_flash) AS DECIMAL(18, 4)) AS discount_flash,
    CAST(SUM(discount_subsidy) AS DECIMAL(18, 4)) AS discount_subsidy,
    CAST(SUM(discount_official_cut) AS DECIMAL(18, 4)) AS discount_official_cut,
    CAST(SUM(discount_member) AS DECIMAL(18, 4)) AS discount_member,
    CAST(SUM(discount_group) AS DECIMAL(18, 4)) AS discount_group,
    CAST(SUM(discount_presale) AS DECIMAL(18, 4)) AS discount_presale,
    CAST(SUM(discount_new_customer) AS DECIMAL(18, 4)) AS discount_new_customer,
    CAST(SUM(discount_coupon_item) AS DECIMAL(18, 4)) AS discount_coupon_item,
    CAST(SUM(discount_coupon_shop) AS DECIMAL(18, 4)) AS discount_coupon_shop,
    CAST(SUM(discount_tier_amount) AS DECIMAL(18, 4)) AS discount_tier_amount,
    CAST(SUM(discount_tier_qty) AS DECIMAL(18, 4)) AS discount_tier_qty,
    CAST(SUM(discount_bundle) AS DECIMAL(18, 4)) AS discount_bundle,
    CAST(SUM(discount_gift) AS DECIMAL(18, 4)) AS discount_gift,
    CAST(SUM(discount_tier_cross) AS DECIMAL(18, 4)) AS discount_tier_cross,
    CAST(SUM(discount_coupon_platform) AS DECIMAL(18, 4)) AS discount_coupon_platform,
    CAST(SUM(discount_points) AS DECIMAL(18, 4)) AS discount_points,
    CAST(SUM(discount_redpack) AS DECIMAL(18, 4)) AS discount_redpack,
    CAST(SUM(discount_shipping) AS DECIMAL(18, 4)) AS discount_shipping,
    CAST(SUM(discount_subscribe) AS DECIMAL(18, 4)) AS discount_subscribe,
    CAST(SUM(discount_cashback) AS DECIMAL(18, 4)) AS discount_cashback,
    CAST(SUM(discount_trade_in) AS DECIMAL(18, 4)) AS discount_trade_in,
    CAST(SUM(CASE WHEN list_per_discount IS NULL THEN list_amount ELSE 0 END) AS DECIMAL(18, 4)) AS list_none,
    CAST(SUM(
      CAST(ROUND((CAST(unexplained_discount AS DOUBLE) * COALESCE(list_per_discount, 0)) * 1E4D) / 1E4D AS DECIMAL(18, 4))
    ) AS DECIMAL(18, 4)) AS list_unexplained,
    CAST(SUM(
      CAST(ROUND((CAST(discount_markdown AS DOUBLE) * list_per_discount) * 1E4D) / 1E4D AS DECIMAL(18, 4))
    ) AS DECIMAL(18, 4)) AS list_markdown,
    CAST(SUM(
      CAST(ROUND((CAST(discount_flash AS DOUBLE) * list_per_discount) * 1E4D) / 1E4D AS DECIMAL(18, 4))
    ) AS DECIMAL(18, 4)) AS list_flash,
    CAST(SUM(
      CAST(ROUND((CAST(discount_subsidy AS DOUBLE) * list_per_discount) * 1E4D) / 1E4D AS DECIMAL(18, 4))
    ) AS DECIMAL(18, 4)) AS list_subsidy,
    CAST(SUM(
      CAST(ROUND((CAST(discount_official_cut AS DOUBLE) * list_per_discount) * 1E4D) / 1E4D AS DECIMAL(18, 4))
    ) AS DECIMAL(18, 4)) AS list_official_cut,
    CAST(SUM(
      CAST(ROUND((CAST(discount_member AS DOUBLE) * list_per_discount) * 1E4D) / 1E4D AS DECIMAL(18, 4))
    ) AS DECIMAL(18, 4)) AS list_member,
    CAST(SUM(
      CAST(ROUND((CAST(discount_group AS DOUBLE) * list_per_discount) * 1E4D) / 1E4D AS DECIMAL(18, 4))
    ) AS DECIMAL(18, 4)) AS list_group,
    CAST(SUM(
      CAST(ROUND((CAST(discount_presale AS DOUBLE) * list_per_discount) * 1E4D) / 1E4D AS DECIMAL(18, 4))
    ) AS DECIMAL(18, 4)) AS list_presale,
    CAST(SUM(
      CAST(ROUND((CAST(discount_new_customer AS DOUBLE) * list_per_discount) * 1E4D) / 1E4D AS DECIMAL(18, 4))
    ) AS DECIMAL(18, 4)) AS list_new_customer,
    CAST(SUM(
      CAST(ROUND((CAST(discount_coupon_item AS DOUBLE) * list_per_discount) * 1E4D) / 1E4D AS DECIMAL(18, 4))
    ) AS DECIMAL(18, 4)) AS list_coupon_item,
    CAST(SUM(
      CAST(ROUND((CAST(discount_coupon_shop AS DOUBLE) * list_per_discount) * 1E4D) / 1E4D AS DECIMAL(18, 4))
    ) AS DECIMAL(18, 4)) AS list_coupon_shop,
    CAST(SUM(
      CAST(ROUND((CAST(discount_tier_amount AS DOUBLE) * list_per_discount) * 1E4D) / 1E4D AS DECIMAL(18, 4))
    ) AS DECIMAL(18, 4)) AS list_tier_amount,
    CAST(SUM(
      CAST(ROUND((CAST(discount_tier_qty AS DOUBLE) * list_per_discount) * 1E4D) / 1E4D AS DECIMAL(18, 4))
    ) AS DECIMAL(18, 4)) AS list_tier_qty,
    CAST(SUM(
      CAST(ROUND((CAST(discount_bundle AS DOUBLE) * list_per_discount) * 1E4D) / 1E4D AS DECIMAL(18, 4))
    ) AS DECIMAL(18, 4)) AS list_bundle,
    CAST(SUM(
      CAST(ROUND((CAST(discount_tier_cross AS DOUBLE) * list_per_discount) * 1E4D) / 1E4D AS DECIMAL(18, 4))
    ) AS DECIMAL(18, 4)) AS list_tier_cross,
    CAST(SUM(
      CAST(ROUND((CAST(discount_coupon_platform AS DOUBLE) * list_per_discount) * 1E4D) / 1E4D AS DECIMAL(18, 4))
    ) AS DECIMAL(18, 4)) AS list_coupon_platform,
    CAST(SUM(
      CAST(ROUND((CAST(discount_points AS DOUBLE) * list_per_discount) * 1E4D) / 1E4D AS DECIMAL(18, 4))
    ) AS DECIMAL(18, 4)) AS list_points,
    CAST(SUM(
      CAST(ROUND((CAST(discount_redpack AS DOUBLE) * list_per_discount) * 1E4D) / 1E4D AS DECIMAL(18, 4))
    ) AS DECIMAL(18, 4)) AS list_redpack,
    CAST(SUM(
      CAST(ROUND((CAST(discount_subscribe AS DOUBLE) * list_per_discount) * 1E4D) / 1E4D AS DECIMAL(18, 4))
    ) AS DECIMAL(18, 4)) AS list_subscribe
  FROM shares
  GROUP BY
    store_id,
    buyer_group
)
SELECT
  *
FROM final
