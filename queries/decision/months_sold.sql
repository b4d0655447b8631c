-- purpose: what each store sold in every calendar month of the data up to the period's end
-- grain: store_id, month_start
-- inputs: store_days
-- params: last date
-- outputs:
--   store_id varchar, the store
--   month_start date, first day of the month
--   first_day date, first day of the month with an order
--   last_day date, last day of the month with an order
--   paid_amount double, what consumers paid
--   orders bigint, paid orders
-- source: METHODS 9
with sold as (
    select
        store_id,
        day,
        cast(date_trunc('month', day) as date) as month_start,
        paid_amount,
        orders,
    from store_days
    where day <= $last and orders > 0
),

final as (
    select
        store_id,
        month_start,
        min(day) as first_day,
        max(day) as last_day,
        sum(cast(paid_amount as double)) as paid_amount,
        cast(sum(orders) as bigint) as orders,
    from sold
    group by store_id, month_start
)

select * from final
order by store_id, month_start
