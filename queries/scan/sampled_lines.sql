-- purpose: the lines of orders of the period to hold against the promotion rules: whole orders of
--   stores with a promotion in the period, all of them or, by md5 of the order, a part
-- grain: member_id, order_id, line_no
-- inputs: order_lines, products, promotions
-- params: first date, last date, order_below varchar
-- outputs:
--   store_id varchar, the store
--   member_id varchar, the store itself, also where stores are joined into groups
--   order_id varchar, order number
--   line_no bigint, line of the order
--   buyer_group varchar, one of 64 groups, by md5 of the buyer or, where unknown, of the order
--   ordered_at timestamp, when the order's first line was paid
--   sku varchar, the product
--   category varchar, its category, null = not known
--   qty decimal(18,3), pieces
--   list_price decimal(18,4), list price of one
--   paid_amount decimal(18,4), what the consumer paid
--   discount_markdown decimal(18,4), discount by markdown, null = none given
--   discount_flash decimal(18,4), discount by flash, null = none given
--   discount_subsidy decimal(18,4), discount by subsidy, null = none given
--   discount_official_cut decimal(18,4), discount by official_cut, null = none given
--   discount_member decimal(18,4), discount by member, null = none given
--   discount_group decimal(18,4), discount by group, null = none given
--   discount_presale decimal(18,4), discount by presale, null = none given
--   discount_new_customer decimal(18,4), discount by new_customer, null = none given
--   discount_coupon_item decimal(18,4), discount by coupon_item, null = none given
--   discount_coupon_shop decimal(18,4), discount by coupon_shop, null = none given
--   discount_tier_amount decimal(18,4), discount by tier_amount, null = none given
--   discount_tier_qty decimal(18,4), discount by tier_qty, null = none given
--   discount_bundle decimal(18,4), discount by bundle, null = none given
--   discount_tier_cross decimal(18,4), discount by tier_cross, null = none given
--   discount_coupon_platform decimal(18,4), discount by coupon_platform, null = none given
--   discount_points decimal(18,4), discount by points, null = none given
--   discount_redpack decimal(18,4), discount by redpack, null = none given
--   discount_subscribe decimal(18,4), discount by subscribe, null = none given
-- source: METHODS 3 "Rule engine", rule 5
with promoted as (
    select distinct store_id
    from promotions
    where cast(starts_at as date) <= $last and cast(ends_at as date) >= $first
),

lines as (
    select order_lines.*
    from order_lines
    inner join promoted on order_lines.store_id = promoted.store_id
    where
        not coalesce(order_lines.is_excluded, false)
        -- by digits that no group of buyers and no slot of orders looks at
        and ($order_below = 'g' or substr(md5(order_lines.order_id), 4, 3) < $order_below)
),

orders as (
    select
        store_id,
        order_id,
        min(ordered_at) as ordered_at,
        md5(coalesce(min(buyer_id), order_id)) as digest,
    from lines
    group by store_id, order_id
    having cast(min(ordered_at) as date) >= $first and cast(min(ordered_at) as date) <= $last
),

final as (
    select
        lines.store_id,
        lines.store_id as member_id,
        lines.order_id,
        lines.line_no,
        substr(orders.digest, 1, 1) || case
            when substr(orders.digest, 2, 1) < '4' then 'a'
            when substr(orders.digest, 2, 1) < '8' then 'b'
            when substr(orders.digest, 2, 1) < 'c' then 'c'
            else 'd'
        end as buyer_group,
        orders.ordered_at,
        lines.sku,
        products.category,
        lines.qty,
        lines.list_price,
        lines.paid_amount,
        lines.discount_markdown,
        lines.discount_flash,
        lines.discount_subsidy,
        lines.discount_official_cut,
        lines.discount_member,
        lines.discount_group,
        lines.discount_presale,
        lines.discount_new_customer,
        lines.discount_coupon_item,
        lines.discount_coupon_shop,
        lines.discount_tier_amount,
        lines.discount_tier_qty,
        lines.discount_bundle,
        lines.discount_tier_cross,
        lines.discount_coupon_platform,
        lines.discount_points,
        lines.discount_redpack,
        lines.discount_subscribe,
    from lines
    inner join orders on lines.store_id = orders.store_id and lines.order_id = orders.order_id
    left join products on lines.sku = products.sku
)

select * from final
order by member_id, order_id, line_no
