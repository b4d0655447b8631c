-- purpose: orders of each store by what they were bought for and by group of buyers. An order is
--   dealt once: it has one category and one use, those with most of its paid amount, and the price
--   tier of its main product
-- grain: store_id, buyer_group, category, price_tier, basket_use, brand_history, promotion
-- inputs: buyer_orders, order_products, store_numbers, sku_categories, sku_needs
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
with
-- what a store does in the period cannot make its buyers known to the brand before it
known_before as (
    select distinct
        store_numbers.scope_number,
        buyer_orders.buyer,
    from buyer_orders
    inner join store_numbers on buyer_orders.store_number = store_numbers.store_number
    where
        buyer_orders.buyer is not null
        and cast(buyer_orders.ordered_at as date) >= $history_first
        and cast(buyer_orders.ordered_at as date) < $first
),

needs as (
    select
        sku_categories.sku_number,
        sku_categories.sku,
        sku_needs.category,
        sku_needs.price_tier,
        sku_needs.basket_use,
        -- portable: ok(windows) products of one need have one number
        dense_rank() over (
            order by sku_needs.category, sku_needs.price_tier, sku_needs.basket_use
        ) as need_number,
    from sku_categories
    inner join sku_needs on sku_categories.sku = sku_needs.sku
),

need_names as (
    select distinct
        need_number,
        category,
        price_tier,
        basket_use,
    from needs
),

-- most orders hold one product, and of these only its number is needed
single as (
    select
        buyer_orders.store_number,
        buyer_orders.group_number,
        needs.need_number,
        case
            when buyer_orders.buyer is null then null
            when known_before.buyer is null then 'first'
            else 'repeat'
        end as brand_history,
        buyer_orders.is_full_price,
        count(*) as orders,
    from buyer_orders
    inner join store_numbers on buyer_orders.store_number = store_numbers.store_number
    left join known_before
        on
            store_numbers.scope_number = known_before.scope_number
            and buyer_orders.buyer = known_before.buyer
    left join needs on buyer_orders.first_sku = needs.sku_number
    where
        buyer_orders.first_sku = buyer_orders.last_sku
        and cast(buyer_orders.ordered_at as date) >= $first
        and cast(buyer_orders.ordered_at as date) <= $last
    group by
        buyer_orders.store_number,
        buyer_orders.group_number,
        needs.need_number,
        case
            when buyer_orders.buyer is null then null
            when known_before.buyer is null then 'first'
            else 'repeat'
        end,
        buyer_orders.is_full_price
),

several as (
    select
        buyer_orders.store_number,
        buyer_orders.order_id,
        buyer_orders.group_number,
        case
            when buyer_orders.buyer is null then null
            when known_before.buyer is null then 'first'
            else 'repeat'
        end as brand_history,
        buyer_orders.is_full_price,
    from buyer_orders
    inner join store_numbers on buyer_orders.store_number = store_numbers.store_number
    left join known_before
        on
            store_numbers.scope_number = known_before.scope_number
            and buyer_orders.buyer = known_before.buyer
    where
        buyer_orders.first_sku <> buyer_orders.last_sku
        and cast(buyer_orders.ordered_at as date) >= $first
        and cast(buyer_orders.ordered_at as date) <= $last
),

mixed as (
    select
        order_products.store_number,
        order_products.order_id,
        order_products.sku_number,
        needs.sku,
        needs.category,
        needs.basket_use,
        order_products.paid_amount,
    from order_products
    inner join several
        on
            order_products.store_number = several.store_number
            and order_products.order_id = several.order_id
    left join needs on order_products.sku_number = needs.sku_number
),

products as (
    select
        *,
        row_number() over (
            partition by store_number, order_id
            order by paid_amount desc, sku asc nulls last
        ) as place,
    from mixed
),

category_sums as (
    select
        store_number,
        order_id,
        category,
        cast(sum(paid_amount) as decimal(18, 4)) as paid_amount,
    from mixed
    group by store_number, order_id, category
),

categories as (
    select
        *,
        row_number() over (
            partition by store_number, order_id
            order by paid_amount desc, category asc nulls last
        ) as place,
    from category_sums
),

use_sums as (
    select
        store_number,
        order_id,
        basket_use,
        cast(sum(paid_amount) as decimal(18, 4)) as paid_amount,
    from mixed
    group by store_number, order_id, basket_use
),

uses as (
    select
        *,
        row_number() over (
            partition by store_number, order_id
            order by paid_amount desc, basket_use asc nulls last
        ) as place,
    from use_sums
),

dealt as (
    select
        several.store_number,
        several.group_number,
        categories.category,
        needs.price_tier,
        uses.basket_use,
        several.brand_history,
        several.is_full_price,
        1 as orders,
    from products
    inner join several
        on products.store_number = several.store_number and products.order_id = several.order_id
    inner join categories
        on
            products.store_number = categories.store_number
            and products.order_id = categories.order_id
    inner join uses
        on
            products.store_number = uses.store_number
            and products.order_id = uses.order_id
    left join needs on products.sku_number = needs.sku_number
    where products.place = 1 and categories.place = 1 and uses.place = 1
    union all
    select
        single.store_number,
        single.group_number,
        need_names.category,
        need_names.price_tier,
        need_names.basket_use,
        single.brand_history,
        single.is_full_price,
        single.orders,
    from single
    left join need_names on single.need_number = need_names.need_number
),

grouped as (
    select
        store_numbers.store_id,
        substr(
            '0123456789abcdef',
            cast(round((dealt.group_number - dealt.group_number % 4) / 4) as bigint) + 1,
            1
        ) || substr('abcd', dealt.group_number % 4 + 1, 1) as buyer_group,
        dealt.category,
        dealt.price_tier,
        dealt.basket_use,
        dealt.brand_history,
        case when dealt.is_full_price then 'full_price' else 'discounted' end as promotion,
        dealt.orders,
    from dealt
    inner join store_numbers on dealt.store_number = store_numbers.store_number
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
        cast(sum(orders) as bigint) as orders,
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
