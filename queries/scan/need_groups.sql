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
    from sku_categories
    inner join sku_needs on sku_categories.sku = sku_needs.sku
),

placed as (
    select
        buyer_orders.store_number,
        case when buyer_orders.first_sku <> buyer_orders.last_sku then buyer_orders.order_id end
            as order_id,
        case when buyer_orders.first_sku = buyer_orders.last_sku then buyer_orders.first_sku end
            as only_sku,
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
        cast(buyer_orders.ordered_at as date) >= $first
        and cast(buyer_orders.ordered_at as date) <= $last
),

-- most orders hold one product, and of these only how many are alike is needed
described as (
    select
        store_number,
        order_id,
        only_sku,
        group_number,
        brand_history,
        is_full_price,
        count(*) as orders,
    from placed
    group by store_number, order_id, only_sku, group_number, brand_history, is_full_price
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
    inner join described
        on
            order_products.store_number = described.store_number
            and order_products.order_id = described.order_id
    left join needs on order_products.sku_number = needs.sku_number
),

products as (
    select
        *,
        -- portable: ok(windows) a product stands once in an order; those without a need are alike
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
        described.store_number,
        described.group_number,
        categories.category,
        needs.price_tier,
        uses.basket_use,
        described.brand_history,
        described.is_full_price,
        described.orders,
    from products
    inner join described
        on products.store_number = described.store_number and products.order_id = described.order_id
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
        described.store_number,
        described.group_number,
        needs.category,
        needs.price_tier,
        needs.basket_use,
        described.brand_history,
        described.is_full_price,
        described.orders,
    from described
    left join needs on described.only_sku = needs.sku_number
    where described.order_id is null
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
