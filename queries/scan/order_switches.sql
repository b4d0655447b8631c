-- purpose: orders of known buyers by the store of the order and the store of the same buyer's order
--   before it in the scope, where that is recent enough; an order is one of its largest category
-- grain: scope, buyer_group, week_start, category, from_store, to_store
-- inputs: buyer_orders, buyer_groups, order_lines, store_numbers, sku_categories
-- params: switching_first date, switching_days bigint, first date, last date
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
        store_number,
        scope_number,
        order_id,
        buyer,
        ordered_at,
        first_category,
        last_category,
        sales,
    from buyer_orders
    where
        buyer is not null
        and cast(ordered_at as date) >= $switching_first
),

-- few orders are of several categories, and only these have to be added up by category
mixed as (
    select
        orders.store_number,
        orders.order_id,
        coalesce(sku_categories.category_number, 0) as category_number,
        sum(order_lines.paid_amount) as paid_amount,
    from order_lines
    inner join store_numbers on order_lines.store_id = store_numbers.store_id
    inner join orders
        on
            store_numbers.store_number = orders.store_number
            and order_lines.order_id = orders.order_id
    left join sku_categories on order_lines.sku = sku_categories.sku
    where
        not coalesce(order_lines.is_excluded, false)
        and cast(order_lines.ordered_at as date) >= $first
        and cast(order_lines.ordered_at as date) <= $last
        and orders.first_category < orders.last_category
        and cast(orders.ordered_at as date) >= $first
    group by
        orders.store_number, orders.order_id, coalesce(sku_categories.category_number, 0)
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
        orders.ordered_at,
        orders.store_number,
        coalesce(largest.category_number, orders.first_category) as category_number,
        orders.sales,
    from orders
    left join largest
        on orders.store_number = largest.store_number and orders.order_id = largest.order_id
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
    from dealt
),

dated as (
    select
        scope_number,
        buyer,
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
        dated.scope_number,
        buyer_groups.buyer_group,
        dated.week_start,
        dated.category_number,
        dated.from_number,
        dated.to_number,
        cast(count(*) as bigint) as orders,
        cast(sum(dated.sales) as decimal(18, 4)) as sales,
    from dated
    inner join buyer_groups on dated.buyer = buyer_groups.buyer
    group by
        dated.scope_number,
        buyer_groups.buyer_group,
        dated.week_start,
        dated.category_number,
        dated.from_number,
        dated.to_number
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
        counted.buyer_group,
        counted.week_start,
        coalesce(categories.category, '') as category,
        coalesce(departed.store_id, '') as from_store,
        arrived.store_id as to_store,
        counted.orders,
        counted.sales,
    from counted
    inner join store_numbers as arrived on counted.to_number = arrived.store_number
    left join store_numbers as departed on counted.from_number = departed.store_number
    left join categories on counted.category_number = categories.category_number
)

select * from final
order by scope, buyer_group, week_start, category, from_store, to_store
