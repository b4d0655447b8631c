-- purpose: orders and money of each store by group of buyers and slot of orders, so that buyers, or
--   orders, can be deleted or dealt
-- grain: store_id, buyer_group, order_slot
-- inputs: order_lines, buyer_orders, store_numbers
-- params: first date, last date, mature_last date, add_platform boolean, less_refunds boolean
-- parts: add
-- outputs:
--   store_id varchar, the store
--   buyer_group varchar, one of 64 groups, by md5 of the buyer or, where unknown, of the order
--   order_slot varchar, a to d by md5 of the order, by a digit that no buyer group looks at
--   orders bigint, orders first paid in the period
--   known_orders bigint, the part of them whose buyer is known
--   units decimal(18,3), pieces sold
--   sales decimal(18,4), paid amount on the chosen basis
--   paid_amount decimal(18,4), what consumers paid
--   mature_paid decimal(18,4), paid until the last mature day for lines whose refund is known
--   mature_refunded decimal(18,4), money given back of that part
-- source: METHODS 4, rules 5 to 7
with lines as (
    select
        store_id,
        substr(md5(coalesce(buyer_id, order_id)), 1, 2) as digest,
        substr(md5(order_id), 3, 1) as order_digit,
        qty,
        paid_amount
        + case when $add_platform then coalesce(platform_amount, 0) else 0 end
        - case when $less_refunds then coalesce(refunded_amount, 0) else 0 end as sales,
        paid_amount,
        case
            when cast(ordered_at as date) <= $mature_last and refunded_amount is not null
                then paid_amount
            else 0
        end as mature_paid,
        case
            when cast(ordered_at as date) <= $mature_last then coalesce(refunded_amount, 0)
            else 0
        end as mature_refunded,
    from order_lines
    where
        not coalesce(is_excluded, false)
        and cast(ordered_at as date) >= $first
        and cast(ordered_at as date) <= $last
),

amounts as (
    select
        store_id,
        digest,
        order_digit,
        sum(qty) as units,
        sum(sales) as sales,
        sum(paid_amount) as paid_amount,
        sum(mature_paid) as mature_paid,
        sum(mature_refunded) as mature_refunded,
    from lines
    group by store_id, digest, order_digit
),

-- paid over the first midnight, an order is one of the day before; its later lines are sold here
placed as (
    select
        store_number,
        group_number,
        substr(md5(order_id), 3, 1) as order_digit,
        buyer,
    from buyer_orders
    where
        cast(ordered_at as date) >= $first
        and cast(ordered_at as date) <= $last
),

counts as (
    select
        store_number,
        group_number,
        order_digit,
        count(*) as orders,
        count(buyer) as known_orders,
    from placed
    group by store_number, group_number, order_digit
),

grouped as (
    select
        store_id,
        substr(digest, 1, 1) || case
            when substr(digest, 2, 1) < '4' then 'a'
            when substr(digest, 2, 1) < '8' then 'b'
            when substr(digest, 2, 1) < 'c' then 'c'
            else 'd'
        end as buyer_group,
        order_digit,
        0 as orders,
        0 as known_orders,
        units,
        sales,
        paid_amount,
        mature_paid,
        mature_refunded,
    from amounts
    union all
    select
        store_numbers.store_id,
        substr(
            '0123456789abcdef',
            cast(round((counts.group_number - counts.group_number % 4) / 4) as bigint) + 1,
            1
        ) || substr('abcd', counts.group_number % 4 + 1, 1) as buyer_group,
        counts.order_digit,
        counts.orders,
        counts.known_orders,
        0 as units,
        0 as sales,
        0 as paid_amount,
        0 as mature_paid,
        0 as mature_refunded,
    from counts
    inner join store_numbers on counts.store_number = store_numbers.store_number
),

slotted as (
    select
        *,
        case
            when order_digit < '4' then 'a'
            when order_digit < '8' then 'b'
            when order_digit < 'c' then 'c'
            else 'd'
        end as order_slot,
    from grouped
),

final as (
    select
        store_id,
        buyer_group,
        order_slot,
        cast(sum(orders) as bigint) as orders,
        cast(sum(known_orders) as bigint) as known_orders,
        cast(sum(units) as decimal(18, 3)) as units,
        cast(sum(sales) as decimal(18, 4)) as sales,
        cast(sum(paid_amount) as decimal(18, 4)) as paid_amount,
        cast(sum(mature_paid) as decimal(18, 4)) as mature_paid,
        cast(sum(mature_refunded) as decimal(18, 4)) as mature_refunded,
    from slotted
    group by store_id, buyer_group, order_slot
)

select * from final
order by store_id, buyer_group, order_slot
