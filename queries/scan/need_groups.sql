-- purpose: orders of each store by what they were bought for and by group of buyers. An order is
--   dealt once: it has one category and one use, those with most of its paid amount, and the price
--   tier of its main product
-- grain: store_id, buyer_group, category, price_tier, basket_use, brand_history, promotion
-- inputs: order_lines, stores, sku_needs
-- params: history_first date, first date, last date
-- outputs:
--   store_id varchar, the store
--   buyer_group varchar, one of 64 groups, by md5 of the buyer or, where unknown, of the order
--   category varchar, top-level category, null = in no segment
--   price_tier varchar, by list price within the category; all = no tiers there, null = not known
--   basket_use varchar, gift or own, null = not known
--   brand_history varchar, repeat = bought in the scope in the year before, or first; null unknown
--   promotion varchar, full_price = paid at 90% of list or more, else discounted
--   orders bigint, orders first paid in the period
-- source: METHODS 6 "Need segments", rule 5
with lines as (
    select
        store_id,
        order_id,
        buyer_id,
        sku,
        cast(ordered_at as date) as day,
        paid_amount,
        cast(
            round(cast(qty as double) * cast(list_price as double), 4) as decimal(18, 4)
        ) as list_amount,
    from order_lines
    where
        not coalesce(is_excluded, false)
        -- a day more: an order paid over midnight belongs, whole, to its first day
        and ordered_at >= cast($first as timestamp) - interval '1' day
        and cast(ordered_at as date) <= $last
),

orders as (
    select
        store_id,
        order_id,
        min(buyer_id) as buyer_id,
        min(sku) as first_sku,
        max(sku) as last_sku,
        cast(sum(paid_amount) as decimal(18, 4)) as paid_amount,
        cast(sum(list_amount) as decimal(18, 4)) as list_amount,
    from lines
    group by store_id, order_id
    having min(day) >= $first
),

scopes as (
    select
        store_id,
        coalesce(buyer_id_scope, platform) as scope,
    from stores
),

-- what a store does in the period cannot make its buyers known to the brand before it
known_before as (
    select distinct
        scopes.scope,
        order_lines.buyer_id,
    from order_lines
    inner join scopes on order_lines.store_id = scopes.store_id
    where
        not coalesce(order_lines.is_excluded, false)
        and cast(order_lines.ordered_at as date) >= $history_first
        and cast(order_lines.ordered_at as date) < $first
        and order_lines.buyer_id is not null
),

-- few orders hold more than one product: only they are looked into
mixed as (
    select
        lines.store_id,
        lines.order_id,
        lines.sku,
        min(sku_needs.category) as category,
        min(sku_needs.basket_use) as basket_use,
        cast(sum(lines.paid_amount) as decimal(18, 4)) as paid_amount,
    from lines
    inner join orders
        on lines.store_id = orders.store_id and lines.order_id = orders.order_id
    left join sku_needs on lines.sku = sku_needs.sku
    where orders.first_sku <> orders.last_sku
    group by lines.store_id, lines.order_id, lines.sku
),

products as (
    select
        *,
        row_number() over (
            partition by store_id, order_id
            order by paid_amount desc, sku asc
        ) as place,
    from mixed
),

category_sums as (
    select
        store_id,
        order_id,
        category,
        cast(sum(paid_amount) as decimal(18, 4)) as paid_amount,
    from mixed
    group by store_id, order_id, category
),

categories as (
    select
        *,
        row_number() over (
            partition by store_id, order_id
            order by paid_amount desc, category asc nulls last
        ) as place,
    from category_sums
),

use_sums as (
    select
        store_id,
        order_id,
        basket_use,
        cast(sum(paid_amount) as decimal(18, 4)) as paid_amount,
    from mixed
    group by store_id, order_id, basket_use
),

uses as (
    select
        *,
        row_number() over (
            partition by store_id, order_id
            order by paid_amount desc, basket_use asc nulls last
        ) as place,
    from use_sums
),

dealt as (
    select
        orders.store_id,
        orders.order_id,
        orders.buyer_id,
        orders.paid_amount,
        orders.list_amount,
        products.sku,
        categories.category,
        uses.basket_use,
    from products
    inner join orders
        on products.store_id = orders.store_id and products.order_id = orders.order_id
    inner join categories
        on
            products.store_id = categories.store_id
            and products.order_id = categories.order_id
            and categories.place = 1
    inner join uses
        on
            products.store_id = uses.store_id
            and products.order_id = uses.order_id
            and uses.place = 1
    where products.place = 1
    union all
    select
        orders.store_id,
        orders.order_id,
        orders.buyer_id,
        orders.paid_amount,
        orders.list_amount,
        orders.first_sku as sku,
        sku_needs.category,
        sku_needs.basket_use,
    from orders
    left join sku_needs on orders.first_sku = sku_needs.sku
    where orders.first_sku = orders.last_sku
),

described as (
    select
        dealt.store_id,
        md5(coalesce(dealt.buyer_id, dealt.order_id)) as digest,
        dealt.category,
        sku_needs.price_tier,
        dealt.basket_use,
        case
            when dealt.buyer_id is null then null
            when known_before.buyer_id is null then 'first'
            else 'repeat'
        end as brand_history,
        case
            when 10 * dealt.paid_amount >= 9 * dealt.list_amount then 'full_price'
            else 'discounted'
        end as promotion,
    from dealt
    inner join scopes on dealt.store_id = scopes.store_id
    left join sku_needs on dealt.sku = sku_needs.sku
    left join known_before
        on scopes.scope = known_before.scope and dealt.buyer_id = known_before.buyer_id
),

grouped as (
    select
        *,
        substr(digest, 1, 1) || case
            when substr(digest, 2, 1) < '4' then 'a'
            when substr(digest, 2, 1) < '8' then 'b'
            when substr(digest, 2, 1) < 'c' then 'c'
            else 'd'
        end as buyer_group,
    from described
),

final as (
    select
        store_id,
        buyer_group,
        category,
        price_tier,
        basket_use,
        brand_history,
        promotion,
        cast(count(*) as bigint) as orders,
    from grouped
    group by
        store_id, buyer_group, category, price_tier, basket_use, brand_history, promotion
)

select * from final
order by
    store_id asc,
    buyer_group asc,
    category asc nulls last,
    price_tier asc nulls last,
    basket_use asc nulls last,
    brand_history asc nulls last,
    promotion asc
