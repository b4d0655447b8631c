-- purpose: orders, units and money of each store and day, with the visitors of that day where
--   traffic is known
-- grain: store_id, day
-- inputs: order_lines, buyer_orders, store_numbers, traffic
-- params: add_platform boolean, less_refunds boolean
-- parts: add
-- outputs:
--   store_id varchar, the store
--   day date, day of payment, store-local
--   orders bigint, paid orders
--   known_orders bigint, the part of them whose buyer is known
--   lines bigint, order lines
--   units decimal(18,3), pieces sold
--   list_amount decimal(18,4), pieces at list price
--   sales decimal(18,4), paid amount on the chosen basis
--   paid_amount decimal(18,4), what consumers paid
--   platform_amount decimal(18,4), part of the discounts refunded to the merchant, null = not known
--   refunded_amount decimal(18,4), money given back of that day's orders, null = not known
--   refund_known_paid decimal(18,4), paid amount of the lines whose refunded amount is known
--   visitors bigint, visitors of the day, null = not known
--   tracked_orders bigint, orders of the day where its visitors are known, else 0
--   tracked_sales decimal(18,4), sales of the day where its visitors are known, else 0
-- source: METHODS 4, rules 6 and 7
with lines as (
    select
        store_id,
        cast(ordered_at as date) as day,
        qty,
        cast(
            round(cast(qty as double) * cast(list_price as double), 4) as decimal(18, 4)
        ) as list_amount,
        paid_amount
        + case when $add_platform then coalesce(platform_amount, 0) else 0 end
        - case when $less_refunds then coalesce(refunded_amount, 0) else 0 end as sales,
        paid_amount,
        platform_amount,
        refunded_amount,
        case when refunded_amount is not null then paid_amount else 0 end as refund_known_paid,
    from order_lines
    where not coalesce(is_excluded, false)
),

order_days as (
    select
        store_number,
        cast(ordered_at as date) as day,
        count(*) as orders,
        count(buyer) as known_orders,
    from buyer_orders
    group by store_number, cast(ordered_at as date)
),

orders as (
    select
        store_numbers.store_id,
        order_days.day,
        order_days.orders,
        order_days.known_orders,
    from order_days
    inner join store_numbers on order_days.store_number = store_numbers.store_number
),

amounts as (
    select
        store_id,
        day,
        count(*) as lines,
        sum(qty) as units,
        sum(list_amount) as list_amount,
        sum(sales) as sales,
        sum(paid_amount) as paid_amount,
        sum(platform_amount) as platform_amount,
        sum(refunded_amount) as refunded_amount,
        sum(refund_known_paid) as refund_known_paid,
    from lines
    group by store_id, day
),

-- the source `all` is the day's total: beside other sources it would count visitors twice
visits as (
    select
        store_id,
        date as day,
        coalesce(sum(case when source = 'all' then visitors end), sum(visitors)) as visitors,
    from traffic
    group by store_id, date
),

final as (
    select
        coalesce(amounts.store_id, visits.store_id) as store_id,
        coalesce(amounts.day, visits.day) as day,
        cast(coalesce(orders.orders, 0) as bigint) as orders,
        cast(coalesce(orders.known_orders, 0) as bigint) as known_orders,
        cast(coalesce(amounts.lines, 0) as bigint) as lines,
        cast(coalesce(amounts.units, 0) as decimal(18, 3)) as units,
        cast(coalesce(amounts.list_amount, 0) as decimal(18, 4)) as list_amount,
        cast(coalesce(amounts.sales, 0) as decimal(18, 4)) as sales,
        cast(coalesce(amounts.paid_amount, 0) as decimal(18, 4)) as paid_amount,
        cast(amounts.platform_amount as decimal(18, 4)) as platform_amount,
        cast(amounts.refunded_amount as decimal(18, 4)) as refunded_amount,
        cast(coalesce(amounts.refund_known_paid, 0) as decimal(18, 4)) as refund_known_paid,
        cast(visits.visitors as bigint) as visitors,
        cast(
            case when visits.visitors is not null then coalesce(orders.orders, 0) else 0 end
            as bigint
        ) as tracked_orders,
        cast(
            case when visits.visitors is not null then coalesce(amounts.sales, 0) else 0 end
            as decimal(18, 4)
        ) as tracked_sales,
    from amounts
    left join orders
        on amounts.store_id = orders.store_id and amounts.day = orders.day
    full join visits
        on amounts.store_id = visits.store_id and amounts.day = visits.day
)

select * from final
order by store_id, day
