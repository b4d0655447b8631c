-- purpose: what each store's sales of the period cost, by kind of cost, in money
-- grain: store_id, kind
-- inputs: sku_weeks, store_days, products, costs
-- params: first date, last date
-- outputs:
--   store_id varchar, the store
--   kind varchar, kind of cost, or product_cost
--   amount double, money
--   coverage double, share of the store's sales for which this cost is known
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

totals as (
    select
        store_id,
        sum(sales) as sales,
    from months
    group by store_id
),

fees as (
    select
        months.store_id,
        costs.kind,
        sum(
            case
                when costs.kind like '%_rate' then costs.amount * months.paid
                when costs.kind = 'fulfilment_per_order' then costs.amount * months.orders
                else costs.amount
            end
        ) as amount,
        sum(months.sales) as sales,
    from months
    inner join costs
        on months.store_id = costs.store_id and months.month = costs.month
    where costs.kind <> 'deposit'
    group by months.store_id, costs.kind
),

goods as (
    select
        sku_weeks.store_id,
        'product_cost' as kind,
        sum(cast(sku_weeks.units as double) * cast(products.unit_cost as double)) as amount,
        sum(
            case when products.unit_cost is not null then cast(sku_weeks.sales as double) end
        ) as sales,
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
        known.store_id,
        known.kind,
        known.amount,
        known.sales / nullif(totals.sales, 0) as coverage,
    from known
    inner join totals on known.store_id = totals.store_id
)

select * from final
order by store_id, kind
