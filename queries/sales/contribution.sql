-- purpose: what is left of each store's sales after product cost and all other known costs
-- grain: store_id
-- inputs: cost_amounts, store_days
-- params: first date, last date, merchant_basis boolean
-- outputs:
--   store_id varchar, the store
--   sales double, sales of the period
--   platform_amount double, money the platform adds, where sales do not hold it already
--   product_cost double, cost of the goods sold, null = not known
--   other_costs double, fees, advertising, staff and the rest, null = not known
--   contribution double, sales + platform money - all costs, null unless both costs are known
--   coverage double, share of sales whose product cost is known
--   kinds bigint, kinds of cost that are known
-- source: METHODS 4 "contribution where costs exist"
with sold as (
    select
        store_id,
        sum(cast(sales as double)) as sales,
        case
            when $merchant_basis then 0
            else coalesce(sum(cast(platform_amount as double)), 0)
        end as platform_amount,
    from store_days
    where day between $first and $last
    group by store_id
),

spent as (
    select
        store_id,
        sum(case when kind = 'product_cost' then amount end) as product_cost,
        sum(case when kind <> 'product_cost' then amount end) as other_costs,
        sum(case when kind = 'product_cost' then known_sales end) as known_sales,
        count(*) as kinds,
    from cost_amounts
    group by store_id
),

final as (
    select
        sold.store_id,
        sold.sales,
        sold.platform_amount,
        spent.product_cost,
        spent.other_costs,
        sold.sales + sold.platform_amount - spent.product_cost - spent.other_costs
            as contribution,
        spent.known_sales / nullif(sold.sales, 0) as coverage,
        cast(coalesce(spent.kinds, 0) as bigint) as kinds,
    from sold
    left join spent on sold.store_id = spent.store_id
)

select * from final
order by store_id
