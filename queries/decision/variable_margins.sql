-- purpose: what a unit of money paid in each store leaves after what every sale costs: what is
--   lost with a sale that another store takes. Staff, advertising and annual fees stay
-- grain: store_id
-- inputs: cost_amounts, store_days
-- params: first date, last date
-- outputs:
--   store_id varchar, the store
--   paid_amount double, what consumers paid in the period
--   refund_share double, part of it given back, null = not known
--   margin double, part of it left after refunds, product cost, fees, fulfilment and gifts
--   coverage double, share of sales whose costs are known, of the kind of cost known for least
--   outcome_reason varchar, why there is no margin
-- source: METHODS 9, METHODS 4 "contribution where costs exist": product cost and another cost must
--   be known of 80 percent of the sales
with sold as (
    select
        store_id,
        sum(cast(sales as double)) as sales,
        sum(cast(paid_amount as double)) as paid_amount,
        sum(cast(platform_amount as double)) as platform_amount,
        sum(cast(refunded_amount as double)) as refunded_amount,
        sum(cast(refund_known_paid as double)) as refund_known_paid,
    from store_days
    where day between $first and $last
    group by store_id
),

spent as (
    select
        store_id,
        sum(case when kind = 'product_cost' then amount end) as product_cost,
        sum(
            case
                when kind like '%_rate' or kind in ('fulfilment_per_order', 'gift_cost')
                    then amount
            end
        ) as selling_cost,
        min(known_sales) as known_sales,
    from cost_amounts
    where kind not in ('staff', 'ad_spend', 'platform_annual_fee', 'deposit', 'other')
    group by store_id
),

shares as (
    select
        sold.store_id,
        sold.sales,
        sold.paid_amount,
        coalesce(sold.platform_amount, 0) as platform_amount,
        sold.refunded_amount / nullif(sold.refund_known_paid, 0) as refund_share,
        spent.product_cost,
        spent.selling_cost,
        spent.known_sales / nullif(sold.sales, 0) as coverage,
    from sold
    left join spent on sold.store_id = spent.store_id
),

judged as (
    select
        shares.*,
        case
            when shares.product_cost is null or shares.selling_cost is null
                then 'reason.no_costs'
            when shares.coverage < 0.8 then 'reason.costs_partly_known'
        end as outcome_reason,
    from shares
),

final as (
    select
        store_id,
        paid_amount,
        refund_share,
        case
            when outcome_reason is null
                then
                    (
                        paid_amount * (1 - coalesce(refund_share, 0)) + platform_amount
                        - product_cost - selling_cost
                    ) / nullif(paid_amount, 0)
        end as margin,
        coverage,
        outcome_reason,
    from judged
)

select * from final
order by store_id
