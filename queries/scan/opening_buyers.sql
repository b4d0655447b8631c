-- purpose: what each store that opened inside the data sold in its first weeks, by where its buyers
--   had bought before within their scope: the store of the last order before the first one here,
--   and whether they bought there again by the end of the data
-- grain: opened_id, habit, from_store
-- inputs: order_lines, stores, opened_stores
-- params: none
-- outputs:
--   opened_id varchar, the store that opened
--   habit varchar, brand_new, kept, stopped, or unknown = the buyer is not known
--   from_store varchar, where they had bought before, null = nowhere or not known
--   orders_short bigint, orders of the short horizon
--   orders_long bigint, orders of the long horizon
--   buyers_short bigint, their known buyers
--   buyers_long bigint, the same of the long horizon
--   paid_short decimal(18,4), what they paid
--   paid_long decimal(18,4), the same of the long horizon
-- source: METHODS 8 (a)
with lines as (
    select
        store_id,
        order_id,
        buyer_id,
        ordered_at,
        paid_amount,
    from order_lines
    where not coalesce(is_excluded, false)
),

scopes as (
    select
        store_id,
        coalesce(buyer_id_scope, platform) as scope,
    from stores
),

opened as (
    select * from opened_stores
),

orders as (
    select
        store_id,
        order_id,
        min(buyer_id) as buyer_id,
        min(ordered_at) as ordered_at,
        cast(sum(paid_amount) as decimal(18, 4)) as paid_amount,
    from lines
    group by store_id, order_id
),

bought as (
    select
        opened.opened_id,
        orders.buyer_id,
        orders.ordered_at,
        case
            when cast(orders.ordered_at as date) <= opened.short_last then orders.paid_amount
        end as short_amount,
        case
            when cast(orders.ordered_at as date) <= opened.long_last then orders.paid_amount
        end as long_amount,
    from orders
    inner join opened on orders.store_id = opened.opened_id
),

-- orders of which no buyer is known are one row
entrants as (
    select
        bought.opened_id,
        scopes.scope,
        bought.buyer_id,
        min(bought.ordered_at) as first_at,
        count(bought.short_amount) as orders_short,
        count(bought.long_amount) as orders_long,
        cast(sum(coalesce(bought.short_amount, 0)) as decimal(18, 4)) as paid_short,
        cast(sum(coalesce(bought.long_amount, 0)) as decimal(18, 4)) as paid_long,
    from bought
    inner join scopes on bought.opened_id = scopes.store_id
    group by bought.opened_id, scopes.scope, bought.buyer_id
    having count(bought.long_amount) > 0
),

visits as (
    select
        entrants.opened_id,
        entrants.buyer_id,
        orders.store_id,
        max(
            case when orders.ordered_at < entrants.first_at then orders.ordered_at end
        ) as last_before,
        max(
            case when orders.ordered_at > entrants.first_at then orders.ordered_at end
        ) as last_after,
    from orders
    inner join scopes on orders.store_id = scopes.store_id
    inner join entrants
        on
            orders.buyer_id = entrants.buyer_id
            and scopes.scope = entrants.scope
            and orders.store_id <> entrants.opened_id
    group by entrants.opened_id, entrants.buyer_id, orders.store_id
),

latest as (
    select
        opened_id,
        buyer_id,
        max(last_before) as last_before,
    from visits
    group by opened_id, buyer_id
),

-- two orders at the same second in two stores: the first name
left_behind as (
    select
        visits.opened_id,
        visits.buyer_id,
        min(visits.store_id) as from_store,
    from visits
    inner join latest
        on
            visits.opened_id = latest.opened_id
            and visits.buyer_id = latest.buyer_id
            and visits.last_before = latest.last_before
    group by visits.opened_id, visits.buyer_id
),

told as (
    select
        entrants.*,
        left_behind.from_store,
        case
            when entrants.buyer_id is null then 'unknown'
            when left_behind.from_store is null then 'brand_new'
            when visits.last_after is null then 'stopped'
            else 'kept'
        end as habit,
    from entrants
    left join left_behind
        on
            entrants.opened_id = left_behind.opened_id
            and entrants.buyer_id = left_behind.buyer_id
    left join visits
        on
            left_behind.opened_id = visits.opened_id
            and left_behind.buyer_id = visits.buyer_id
            and left_behind.from_store = visits.store_id
),

final as (
    select
        opened_id,
        habit,
        from_store,
        cast(sum(orders_short) as bigint) as orders_short,
        cast(sum(orders_long) as bigint) as orders_long,
        cast(
            count(case when orders_short > 0 and buyer_id is not null then 1 end) as bigint
        ) as buyers_short,
        cast(count(buyer_id) as bigint) as buyers_long,
        cast(sum(paid_short) as decimal(18, 4)) as paid_short,
        cast(sum(paid_long) as decimal(18, 4)) as paid_long,
    from told
    group by opened_id, habit, from_store
)

select * from final
order by opened_id, habit, from_store
