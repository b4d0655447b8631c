-- purpose: sums of each store by seven-day block of the period, the same blocks for all stores,
--   with the sales of the year before
-- grain: store_id, block
-- inputs: store_days
-- params: first date, last date, data_end date, before_first date
-- outputs:
--   store_id varchar, the store
--   block bigint, 0 = the first seven days of the period; odd days at the end join the last block
--   sales decimal(18,4), paid amount on the chosen basis
--   paid decimal(18,4), what consumers paid, before refunds
--   orders bigint, paid orders
--   units decimal(18,3), pieces sold
--   visitors bigint, visitor-days on days with known traffic
--   tracked_orders bigint, orders on days with known traffic
--   tracked_sales decimal(18,4), sales on days with known traffic
--   refund_known_paid decimal(18,4), paid amount of lines whose refunds are known
--   mature_all_paid decimal(18,4), paid 15 days before the data end or earlier
--   mature_paid decimal(18,4), the part of it whose refunds are known
--   mature_refunded decimal(18,4), money given back of that part
--   sales_before decimal(18,4), sales of as many days from before_first on
-- source: METHODS 4, rules 5 and 7
with days as (
    select
        store_id,
        day,
        sales,
        paid_amount as paid,
        orders,
        units,
        visitors,
        tracked_orders,
        tracked_sales,
        refund_known_paid,
        case when day <= $data_end - 15 then paid_amount else 0 end as mature_all_paid,
        case when day <= $data_end - 15 then refund_known_paid else 0 end as mature_paid,
        case
            when day <= $data_end - 15 then coalesce(refunded_amount, 0)
            else 0
        end as mature_refunded,
        cast(0 as decimal(18, 4)) as sales_before,
    from store_days
    where day between $first and $last
    union all
    select
        store_id,
        day + cast(date_diff('day', $before_first, $first) as integer) as day,
        0 as sales,
        0 as paid,
        0 as orders,
        0 as units,
        null as visitors,
        0 as tracked_orders,
        0 as tracked_sales,
        0 as refund_known_paid,
        0 as mature_all_paid,
        0 as mature_paid,
        0 as mature_refunded,
        sales as sales_before,
    from store_days
    where
        day + cast(date_diff('day', $before_first, $first) as integer) between $first and $last
),

final as (
    select
        store_id,
        cast(
            least(
                floor(date_diff('day', $first, day) / 7.0),
                greatest(floor((date_diff('day', $first, $last) + 1) / 7.0) - 1, 0)
            ) as bigint
        ) as block,
        cast(sum(sales) as decimal(18, 4)) as sales,
        cast(sum(paid) as decimal(18, 4)) as paid,
        cast(sum(orders) as bigint) as orders,
        cast(sum(units) as decimal(18, 3)) as units,
        cast(sum(visitors) as bigint) as visitors,
        cast(sum(tracked_orders) as bigint) as tracked_orders,
        cast(sum(tracked_sales) as decimal(18, 4)) as tracked_sales,
        cast(sum(refund_known_paid) as decimal(18, 4)) as refund_known_paid,
        cast(sum(mature_all_paid) as decimal(18, 4)) as mature_all_paid,
        cast(sum(mature_paid) as decimal(18, 4)) as mature_paid,
        cast(sum(mature_refunded) as decimal(18, 4)) as mature_refunded,
        cast(sum(sales_before) as decimal(18, 4)) as sales_before,
    from days
    group by store_id, block
)

select * from final
order by store_id, block
