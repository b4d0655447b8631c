-- purpose: what each store's sales of the period cost, by kind of cost, in money
-- grain: store_id, kind
-- inputs: sku_weeks, store_days, products, costs
-- params: first date, last date
-- outputs:
--   store_id varchar, the store
--   kind varchar, kind of cost, or product_cost
--   amount double, money; of a month that is only partly in the period, its share by days
--   known_sales double, sales of the months, or of the products, for which this cost is known
-- source: METHODS 4 "contribution", DATA costs; a deposit comes back and is no cost
with months as (
    select
        store_id,
        cast(date_trunc('month', day) as date) as month,
        sum(cast(sales as double)) as sales,
        sum(cast(paid_amount as double)) as paid,
        sum(orders) as orders,
    from store_days
    where day between $first and $last
    group by store_id, month
),

dated as (
    select
        store_id,
        kind,
        amount,
        cast(date_trunc('month', month) as date) as month,
    from costs
    where kind <> 'deposit'
),

charged as (
    select
        store_id,
        kind,
        amount,
        month,
        (
            date_diff('day', greatest(month, $first), least(last_day(month), $last)) + 1
        ) / nullif(day(last_day(month)), 0) as share_of_month,
    from dated
    where last_day(month) >= $first and month <= $last
),

fees as (
    select
        charged.store_id,
        charged.kind,
        sum(
            case
                when charged.kind like '%_rate' then charged.amount * coalesce(months.paid, 0)
                when charged.kind = 'fulfilment_per_order'
                    then charged.amount * coalesce(months.orders, 0)
                else charged.amount * charged.share_of_month
            end
        ) as amount,
        sum(coalesce(months.sales, 0)) as known_sales,
    from charged
    left join months
        on charged.store_id = months.store_id and charged.month = months.month
    group by charged.store_id, charged.kind
),

goods as (
    select
        sku_weeks.store_id,
        'product_cost' as kind,
        sum(cast(sku_weeks.units as double) * cast(products.unit_cost as double)) as amount,
        sum(
            case when products.unit_cost is not null then cast(sku_weeks.sales as double) end
        ) as known_sales,
    from sku_weeks
    left join products on sku_weeks.sku = products.sku
    group by sku_weeks.store_id
),

known as (
    select * from fees
    union all
    select * from goods
    where amount is not null
),

final as (
    select
        store_id,
        kind,
        amount,
        known_sales,
    from known
)

select * from final
order by store_id, kind
