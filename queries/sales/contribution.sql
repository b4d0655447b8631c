-- purpose: what is left of each store's sales after product cost and all other known costs
-- grain: store_id
-- inputs: cost_amounts, store_days
-- params: first date, last date, merchant_basis boolean
-- outputs:
--   store_id varchar, the store
--   sales double, sales of the period
--   platform_amount double, money the platform adds beside sales, null = not known
--   product_cost double, cost of the goods sold, null = not known
--   other_costs double, fees, advertising, staff and the rest, null = not known
--   contribution double, sales + platform money - all costs, null unless enough is known of each
--   coverage double, share of sales whose costs are known, of the kind of cost known for least
--   kinds bigint, kinds of cost that are known
--   outcome_reason varchar, why there is no contribution
-- source: METHODS 4 "contribution where costs exist"; each kind of cost must be known for 80
--   percent of the sales, product cost among them; platform money that no store tells of is none
with sold as (
    select
        store_id,
        sum(cast(sales as double)) as sales,
        sum(cast(platform_amount as double)) as platform_amount,
    from store_days
    where day between $first and $last
    group by store_id
),

spent as (
    select
        store_id,
        sum(case when kind = 'product_cost' then amount end) as product_cost,
        sum(case when kind <> 'product_cost' then amount end) as other_costs,
        min(known_sales) as known_sales,
        count(*) as kinds,
    from cost_amounts
    group by store_id
),

platforms as (
    select coalesce(max(abs(platform_amount)), 0) as most from sold
),

joined as (
    select
        sold.store_id,
        sold.sales,
        case
            when $merchant_basis or platforms.most = 0 then 0
            else sold.platform_amount
        end as platform_amount,
        spent.product_cost,
        spent.other_costs,
        spent.known_sales / nullif(sold.sales, 0) as coverage,
        coalesce(spent.kinds, 0) as kinds,
    from sold
    cross join platforms
    left join spent on sold.store_id = spent.store_id
),

judged as (
    select
        joined.*,
        case
            when joined.product_cost is null or joined.other_costs is null then 'reason.no_costs'
            when joined.coverage < 0.8 then 'reason.costs_partly_known'
            when joined.platform_amount is null then 'reason.platform_amount_unknown'
        end as outcome_reason,
    from joined
),

final as (
    select
        store_id,
        sales,
        platform_amount,
        product_cost,
        other_costs,
        case
            when outcome_reason is null
                then sales + platform_amount - product_cost - other_costs
        end as contribution,
        coverage,
        cast(kinds as bigint) as kinds,
        outcome_reason,
    from judged
)

select * from final
order by store_id
