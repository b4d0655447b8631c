-- purpose: what each store that opened inside the data sold in its first weeks, by where its buyers
--   had bought before within their scope: the store of the last order before the first one here,
--   and whether they bought there again by the end of the data
-- grain: opened_id, habit, from_store
-- inputs: buyer_orders, store_numbers, opened_stores
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
with opened as (
    select
        opened_stores.*,
        store_numbers.store_number as opened_number,
        store_numbers.scope_number,
    from opened_stores
    inner join store_numbers on opened_stores.opened_id = store_numbers.store_id
),

bought as (
    select
        opened.opened_id,
        opened.opened_number,
        opened.scope_number,
        buyer_orders.buyer,
        buyer_orders.ordered_at,
        case
            when cast(buyer_orders.ordered_at as date) <= opened.short_last
                then buyer_orders.paid_amount
        end as short_amount,
        case
            when cast(buyer_orders.ordered_at as date) <= opened.long_last
                then buyer_orders.paid_amount
        end as long_amount,
    from buyer_orders
    inner join opened on buyer_orders.store_number = opened.opened_number
),

-- orders of which no buyer is known are one row
entrants as (
    select
        opened_id,
        opened_number,
        scope_number,
        buyer,
        min(ordered_at) as first_at,
        count(short_amount) as orders_short,
        count(long_amount) as orders_long,
        cast(sum(coalesce(short_amount, 0)) as decimal(18, 4)) as paid_short,
        cast(sum(coalesce(long_amount, 0)) as decimal(18, 4)) as paid_long,
    from bought
    group by opened_id, opened_number, scope_number, buyer
    having count(long_amount) > 0
),

visits as (
    select
        entrants.opened_id,
        entrants.buyer,
        buyer_orders.store_number,
        max(
            case
                when buyer_orders.ordered_at < entrants.first_at then buyer_orders.ordered_at
            end
        ) as last_before,
        max(
            case
                when buyer_orders.ordered_at > entrants.first_at then buyer_orders.ordered_at
            end
        ) as last_after,
    from buyer_orders
    inner join store_numbers on buyer_orders.store_number = store_numbers.store_number
    inner join entrants
        on
            buyer_orders.buyer = entrants.buyer
            and store_numbers.scope_number = entrants.scope_number
            and buyer_orders.store_number <> entrants.opened_number
    group by entrants.opened_id, entrants.buyer, buyer_orders.store_number
),

latest as (
    select
        opened_id,
        buyer,
        max(last_before) as last_before,
    from visits
    group by opened_id, buyer
),

-- two orders at the same second in two stores: the first name
left_behind as (
    select
        visits.opened_id,
        visits.buyer,
        min(visits.store_number) as from_number,
    from visits
    inner join latest
        on
            visits.opened_id = latest.opened_id
            and visits.buyer = latest.buyer
            and visits.last_before = latest.last_before
    group by visits.opened_id, visits.buyer
),

told as (
    select
        entrants.*,
        store_numbers.store_id as from_store,
        case
            when entrants.buyer is null then 'unknown'
            when left_behind.from_number is null then 'brand_new'
            when visits.last_after is null then 'stopped'
            else 'kept'
        end as habit,
    from entrants
    left join left_behind
        on
            entrants.opened_id = left_behind.opened_id
            and entrants.buyer = left_behind.buyer
    left join visits
        on
            left_behind.opened_id = visits.opened_id
            and left_behind.buyer = visits.buyer
            and left_behind.from_number = visits.store_number
    left join store_numbers on left_behind.from_number = store_numbers.store_number
),

final as (
    select
        opened_id,
        habit,
        from_store,
        cast(sum(orders_short) as bigint) as orders_short,
        cast(sum(orders_long) as bigint) as orders_long,
        cast(
            count(case when orders_short > 0 and buyer is not null then 1 end) as bigint
        ) as buyers_short,
        cast(count(buyer) as bigint) as buyers_long,
        cast(sum(paid_short) as decimal(18, 4)) as paid_short,
        cast(sum(paid_long) as decimal(18, 4)) as paid_long,
    from told
    group by opened_id, habit, from_store
)

select * from final
order by opened_id, habit, from_store
