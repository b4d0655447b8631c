-- purpose: the lines of orders of the period to hold against the promotion rules, money in cents:
--   whole orders of stores with a promotion in the period, all or, by md5 of the order, a part
-- grain: member_id, order_id, line_no
-- inputs: order_lines, products, promoted_stores
-- params: first date, last date, order_below varchar
-- parts: add
-- outputs:
--   store_id varchar, the store
--   member_id varchar, the store itself, also where stores are joined into groups
--   order_id varchar, order number
--   line_no bigint, line of the order
--   buyer_group varchar, one of 64 groups, by md5 of the buyer or, where unknown, of the order
--   ordered_at timestamp, when the order's first line was paid
--   sku varchar, the product
--   category varchar, its category, null = not known
--   pieces bigint, thousandths of a piece
--   list_price bigint, list price of one, cents
--   paid_amount bigint, what the consumer paid, cents
--   discount_markdown bigint, discount by markdown, cents, null = none given
--   discount_flash bigint, discount by flash, cents, null = none given
--   discount_subsidy bigint, discount by subsidy, cents, null = none given
--   discount_official_cut bigint, discount by official_cut, cents, null = none given
--   discount_member bigint, discount by member, cents, null = none given
--   discount_group bigint, discount by group, cents, null = none given
--   discount_presale bigint, discount by presale, cents, null = none given
--   discount_new_customer bigint, discount by new_customer, cents, null = none given
--   discount_coupon_item bigint, discount by coupon_item, cents, null = none given
--   discount_coupon_shop bigint, discount by coupon_shop, cents, null = none given
--   discount_tier_amount bigint, discount by tier_amount, cents, null = none given
--   discount_tier_qty bigint, discount by tier_qty, cents, null = none given
--   discount_bundle bigint, discount by bundle, cents, null = none given
--   discount_tier_cross bigint, discount by tier_cross, cents, null = none given
--   discount_coupon_platform bigint, discount by coupon_platform, cents, null = none given
--   discount_points bigint, discount by points, cents, null = none given
--   discount_redpack bigint, discount by redpack, cents, null = none given
--   discount_subscribe bigint, discount by subscribe, cents, null = none given
--   is_whole boolean, whether every price and amount of the order is whole cents
-- source: METHODS 3 "Rule engine", rule 5
with lines as (
    select order_lines.*
    from order_lines
    inner join promoted_stores on order_lines.store_id = promoted_stores.store_id
    where
        not coalesce(order_lines.is_excluded, false)
        -- a day more on either side: an order paid over midnight belongs, whole, to its first day
        and order_lines.ordered_at >= cast($first as timestamp) - interval '1' day
        and order_lines.ordered_at < cast($last as timestamp) + interval '2' day
        -- by digits that no group of buyers and no slot of orders looks at
        and ($order_below = 'g' or substr(md5(order_lines.order_id), 4, 3) < $order_below)
),

orders as (
    select
        store_id,
        order_id,
        min(ordered_at) as ordered_at,
        md5(coalesce(min(buyer_id), order_id)) as digest,
        count(
            case
                when list_price <> round(list_price, 2) or paid_amount <> round(paid_amount, 2)
                    then 1
            end
        ) as finer_lines,
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
        cast(round(lines.qty * 1000) as bigint) as pieces,
        cast(round(lines.list_price * 100) as bigint) as list_price,
        cast(round(lines.paid_amount * 100) as bigint) as paid_amount,
        cast(round(lines.discount_markdown * 100) as bigint) as discount_markdown,
        cast(round(lines.discount_flash * 100) as bigint) as discount_flash,
        cast(round(lines.discount_subsidy * 100) as bigint) as discount_subsidy,
        cast(round(lines.discount_official_cut * 100) as bigint) as discount_official_cut,
        cast(round(lines.discount_member * 100) as bigint) as discount_member,
        cast(round(lines.discount_group * 100) as bigint) as discount_group,
        cast(round(lines.discount_presale * 100) as bigint) as discount_presale,
        cast(round(lines.discount_new_customer * 100) as bigint) as discount_new_customer,
        cast(round(lines.discount_coupon_item * 100) as bigint) as discount_coupon_item,
        cast(round(lines.discount_coupon_shop * 100) as bigint) as discount_coupon_shop,
        cast(round(lines.discount_tier_amount * 100) as bigint) as discount_tier_amount,
        cast(round(lines.discount_tier_qty * 100) as bigint) as discount_tier_qty,
        cast(round(lines.discount_bundle * 100) as bigint) as discount_bundle,
        cast(round(lines.discount_tier_cross * 100) as bigint) as discount_tier_cross,
        cast(round(lines.discount_coupon_platform * 100) as bigint) as discount_coupon_platform,
        cast(round(lines.discount_points * 100) as bigint) as discount_points,
        cast(round(lines.discount_redpack * 100) as bigint) as discount_redpack,
        cast(round(lines.discount_subscribe * 100) as bigint) as discount_subscribe,
        orders.finer_lines = 0 as is_whole,
    from lines
    inner join orders on lines.store_id = orders.store_id and lines.order_id = orders.order_id
    left join products on lines.sku = products.sku
)

select * from final
order by member_id, order_id, line_no
