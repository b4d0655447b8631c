-- purpose: orders of known buyers by the store of the order and the store of the same buyer's order
--   before it in the scope, where that is recent enough; an order is one of its largest category
-- grain: scope, buyer_group, week_start, category, from_store, to_store
-- inputs: order_lines, stores, sku_categories
-- params: switching_first date, switching_days bigint, first date, last date, add_platform boolean,
--   less_refunds boolean
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
with categories as (
    select distinct category from sku_categories
),

-- whole numbers are handled faster than text; 0 is not known
numbered as (
    select
        category,
        row_number() over (order by category) as number,
    from categories
),

sku_numbers as (
    select
        sku_categories.sku,
        numbered.number,
    from sku_categories
    inner join numbered on sku_categories.category = numbered.category
),

lines as (
    select
        order_lines.store_id,
        order_lines.order_id,
        order_lines.buyer_id,
        order_lines.ordered_at,
        order_lines.paid_amount
        + case when $add_platform then coalesce(order_lines.platform_amount, 0) else 0 end
        - case
            when $less_refunds then coalesce(order_lines.refunded_amount, 0)
            else 0
        end as sales,
        coalesce(sku_numbers.number, 0) as number,
    from order_lines
    left join sku_numbers on order_lines.sku = sku_numbers.sku
    where
        not coalesce(order_lines.is_excluded, false)
        and cast(order_lines.ordered_at as date) >= $switching_first
        and cast(order_lines.ordered_at as date) <= $last
),

orders as (
    select
        store_id,
        order_id,
        min(buyer_id) as buyer_id,
        min(ordered_at) as ordered_at,
        min(number) as first_number,
        max(number) as last_number,
        cast(sum(sales) as decimal(18, 4)) as sales,
    from lines
    group by store_id, order_id
    having min(buyer_id) is not null
),

-- few orders are of several categories, and only these have to be added up by category
mixed as (
    select
        order_lines.store_id,
        order_lines.order_id,
        coalesce(sku_numbers.number, 0) as number,
        sum(order_lines.paid_amount) as paid_amount,
    from order_lines
    inner join orders
        on order_lines.store_id = orders.store_id and order_lines.order_id = orders.order_id
    left join sku_numbers on order_lines.sku = sku_numbers.sku
    where
        not coalesce(order_lines.is_excluded, false)
        and cast(order_lines.ordered_at as date) >= $first
        and cast(order_lines.ordered_at as date) <= $last
        and orders.first_number < orders.last_number
        and cast(orders.ordered_at as date) >= $first
    group by order_lines.store_id, order_lines.order_id, coalesce(sku_numbers.number, 0)
),

ranked as (
    select
        *,
        row_number() over (
            partition by store_id, order_id
            order by paid_amount desc, number asc
        ) as place,
    from mixed
),

largest as (
    select * from ranked
    where place = 1
),

scoped as (
    select
        coalesce(stores.buyer_id_scope, stores.platform) as scope,
        orders.store_id,
        orders.order_id,
        orders.buyer_id,
        orders.ordered_at,
        orders.first_number,
        orders.sales,
    from orders
    inner join stores on orders.store_id = stores.store_id
),

-- portable: ok(windows) a store has one scope, and its orders their own order_id
sequences as (
    select
        *,
        lag(store_id) over (
            partition by scope, buyer_id
            order by ordered_at, store_id, order_id
        ) as store_before,
        lag(ordered_at) over (
            partition by scope, buyer_id
            order by ordered_at, store_id, order_id
        ) as ordered_before,
    from scoped
),

dated as (
    select
        sequences.scope,
        md5(sequences.buyer_id) as digest,
        cast(date_trunc('week', sequences.ordered_at) as date) as week_start,
        coalesce(largest.number, sequences.first_number) as number,
        case
            when
                date_diff(
                    'day',
                    cast(sequences.ordered_before as date),
                    cast(sequences.ordered_at as date)
                ) <= $switching_days
                then sequences.store_before
            else ''
        end as from_store,
        sequences.store_id as to_store,
        sequences.sales,
    from sequences
    left join largest
        on sequences.store_id = largest.store_id and sequences.order_id = largest.order_id
    where cast(sequences.ordered_at as date) >= $first
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
    from dated
),

counted as (
    select
        scope,
        buyer_group,
        week_start,
        number,
        from_store,
        to_store,
        cast(count(*) as bigint) as orders,
        cast(sum(sales) as decimal(18, 4)) as sales,
    from grouped
    group by scope, buyer_group, week_start, number, from_store, to_store
),

final as (
    select
        counted.scope,
        counted.buyer_group,
        counted.week_start,
        coalesce(numbered.category, '') as category,
        counted.from_store,
        counted.to_store,
        counted.orders,
        counted.sales,
    from counted
    left join numbered on counted.number = numbered.number
)

select * from final
order by scope, buyer_group, week_start, category, from_store, to_store
