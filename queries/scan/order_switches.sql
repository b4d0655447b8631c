-- purpose: orders of known buyers by the store of the order and the store of the same buyer's order
--   before it in the scope, where that is recent enough; an order is one of its largest category
-- grain: scope, buyer_group, week_start, category, from_store, to_store
-- inputs: buyer_orders, earlier_buyer_visits, order_products, store_numbers, sku_categories
-- params: switching_first date, switching_days bigint, first date, last date
-- parts: add
-- outputs:
--   scope varchar, where buyer ids mean the same people; default: the platform
--   buyer_group varchar, one of 64 groups, by md5 of the buyer
--   week_start date, Monday of the order's week
--   category varchar, top-level category with most paid, of equals the first; empty = not known
--   from_store varchar, store of the order before, at most $switching_days earlier; empty = none
--   to_store varchar, store of the order
--   orders bigint, orders first paid in the period
--   sales decimal(18,4), what they paid on the chosen basis
-- source: METHODS 6 "Loyalty" and "exchange"
with orders as (
    select
        buyer_orders.store_number,
        store_numbers.scope_number,
        buyer_orders.order_id,
        buyer_orders.buyer,
        buyer_orders.group_number,
        buyer_orders.ordered_at,
        buyer_orders.first_sku,
        buyer_orders.sales,
    from buyer_orders
    inner join store_numbers on buyer_orders.store_number = store_numbers.store_number
    where
        buyer_orders.buyer is not null
        and cast(buyer_orders.ordered_at as date) >= $switching_first
        and cast(buyer_orders.ordered_at as date) <= $last
),

-- few orders are of several products, and only these have to be added up by category
mixed as (
    select
        order_products.store_number,
        order_products.order_id,
        coalesce(sku_categories.category_number, 0) as category_number,
        sum(order_products.paid_amount) as paid_amount,
    from order_products
    left join sku_categories on order_products.sku_number = sku_categories.sku_number
    group by
        order_products.store_number,
        order_products.order_id,
        coalesce(sku_categories.category_number, 0)
),

ranked as (
    select
        *,
        row_number() over (
            partition by store_number, order_id
            order by paid_amount desc, category_number asc
        ) as place,
    from mixed
),

largest as (
    select * from ranked
    where place = 1
),

dealt as (
    select
        orders.scope_number,
        orders.buyer,
        orders.group_number,
        orders.ordered_at,
        orders.store_number,
        coalesce(largest.category_number, sku_categories.category_number, 0) as category_number,
        orders.sales,
    from orders
    left join largest
        on orders.store_number = largest.store_number and orders.order_id = largest.order_id
    left join sku_categories on orders.first_sku = sku_categories.sku_number
),

-- where buyers of the period were seen in parts of the data that are read before, if not long ago
placed as (
    select
        scope_number,
        buyer,
        cast(ordered_at as date) as day,
    from orders
    where cast(ordered_at as date) >= $first
),

recent as (
    select distinct
        scope_number,
        buyer,
    from placed
),

begun as (
    select min(day) as first_day
    from placed
),

seen_before as (
    select
        store_numbers.scope_number,
        earlier_buyer_visits.buyer,
        earlier_buyer_visits.last_at,
        earlier_buyer_visits.store_number,
    from earlier_buyer_visits
    inner join store_numbers on earlier_buyer_visits.store_number = store_numbers.store_number
    cross join begun
    inner join recent
        on
            store_numbers.scope_number = recent.scope_number
            and earlier_buyer_visits.buyer = recent.buyer
    where
        date_diff('day', cast(earlier_buyer_visits.last_at as date), begun.first_day)
        <= $switching_days
),

followed as (
    select
        scope_number,
        buyer,
        group_number,
        ordered_at,
        store_number,
        category_number,
        sales,
    from dealt
    union all
    select
        scope_number,
        buyer,
        null as group_number,
        last_at as ordered_at,
        store_number,
        null as category_number,
        null as sales,
    from seen_before
),

-- orders of one instant and store follow by category and sales: nobody can tell them apart further
sequences as (
    select
        *,
        -- portable: ok(windows) rows that are equal in all of this may change places
        lag(store_number) over (
            partition by scope_number, buyer
            order by ordered_at, store_number, category_number, sales
        ) as store_before,
        lag(ordered_at) over (
            partition by scope_number, buyer
            order by ordered_at, store_number, category_number, sales
        ) as ordered_before,
    from followed
),

dated as (
    select
        scope_number,
        group_number,
        cast(date_trunc('week', ordered_at) as date) as week_start,
        category_number,
        case
            -- two stores at one instant, as where only days are known: nobody knows which was first
            when ordered_before = ordered_at and store_before <> store_number then null
            when
                date_diff('day', cast(ordered_before as date), cast(ordered_at as date))
                <= $switching_days
                then store_before
        end as from_number,
        store_number as to_number,
        sales,
    from sequences
    where cast(ordered_at as date) >= $first
),

counted as (
    select
        scope_number,
        group_number,
        week_start,
        category_number,
        from_number,
        to_number,
        count(*) as orders,
        sum(sales) as sales,
    from dated
    group by scope_number, group_number, week_start, category_number, from_number, to_number
),

grouped as (
    select
        *,
        substr(
            '0123456789abcdef',
            cast(round((group_number - group_number % 4) / 4) as bigint) + 1,
            1
        ) || substr('abcd', group_number % 4 + 1, 1) as buyer_group,
    from counted
),

summed as (
    select
        scope_number,
        buyer_group,
        week_start,
        category_number,
        from_number,
        to_number,
        cast(sum(orders) as bigint) as orders,
        cast(sum(sales) as decimal(18, 4)) as sales,
    from grouped
    group by scope_number, buyer_group, week_start, category_number, from_number, to_number
),

categories as (
    select distinct
        category_number,
        category,
    from sku_categories
),

final as (
    select
        arrived.scope,
        summed.buyer_group,
        summed.week_start,
        coalesce(categories.category, '') as category,
        coalesce(departed.store_id, '') as from_store,
        arrived.store_id as to_store,
        summed.orders,
        summed.sales,
    from summed
    inner join store_numbers as arrived on summed.to_number = arrived.store_number
    left join store_numbers as departed on summed.from_number = departed.store_number
    left join categories on summed.category_number = categories.category_number
)

select * from final
order by scope, buyer_group, week_start, category, from_store, to_store
