-- purpose: orders and money of each store by group of buyers and slot of orders, so that buyers, or
--   orders, can be deleted or dealt
-- grain: store_id, buyer_group, order_slot
-- inputs: order_lines
-- params: first date, last date, mature_last date, add_platform boolean, less_refunds boolean
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
        order_id,
        buyer_id,
        cast(ordered_at as date) as day,
        qty,
        paid_amount
        + case when $add_platform then coalesce(platform_amount, 0) else 0 end
        - case when $less_refunds then coalesce(refunded_amount, 0) else 0 end as sales,
        paid_amount,
        refunded_amount,
    from order_lines
    where
        not coalesce(is_excluded, false)
        and cast(ordered_at as date) <= $last
),

orders as (
    select
        store_id,
        order_id,
        min(buyer_id) as buyer_id,
        sum(qty) as units,
        sum(sales) as sales,
        sum(paid_amount) as paid_amount,
        sum(
            case
                when day <= $mature_last and refunded_amount is not null then paid_amount
                else 0
            end
        ) as mature_paid,
        sum(
            case when day <= $mature_last then coalesce(refunded_amount, 0) else 0 end
        ) as mature_refunded,
    from lines
    where day >= $first
    group by store_id, order_id
),

-- paid over the first midnight, an order is one of the day before; its later lines are sold here
earlier as (
    select distinct
        store_id,
        order_id,
    from lines
    where day < $first
),

digests as (
    select
        orders.store_id,
        orders.buyer_id,
        md5(coalesce(orders.buyer_id, orders.order_id)) as digest,
        substr(md5(orders.order_id), 3, 1) as order_digit,
        earlier.order_id is null as is_own,
        orders.units,
        orders.sales,
        orders.paid_amount,
        orders.mature_paid,
        orders.mature_refunded,
    from orders
    left join earlier
        on orders.store_id = earlier.store_id and orders.order_id = earlier.order_id
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
        case
            when order_digit < '4' then 'a'
            when order_digit < '8' then 'b'
            when order_digit < 'c' then 'c'
            else 'd'
        end as order_slot,
    from digests
),

final as (
    select
        store_id,
        buyer_group,
        order_slot,
        cast(count(case when is_own then 1 end) as bigint) as orders,
        cast(count(case when is_own then buyer_id end) as bigint) as known_orders,
        cast(sum(units) as decimal(18, 3)) as units,
        cast(sum(sales) as decimal(18, 4)) as sales,
        cast(sum(paid_amount) as decimal(18, 4)) as paid_amount,
        cast(sum(mature_paid) as decimal(18, 4)) as mature_paid,
        cast(sum(mature_refunded) as decimal(18, 4)) as mature_refunded,
    from grouped
    group by store_id, buyer_group, order_slot
)

select * from final
order by store_id, buyer_group, order_slot
