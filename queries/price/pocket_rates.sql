-- purpose: what selling costs in each store, as a share of what the merchant is paid and per order
--   line: the way from the merchant's price to the pocket price
-- grain: store_id
-- inputs: sku_weeks, cost_amounts
-- params: none
-- outputs:
--   store_id varchar, the store
--   share double, commission, fees, advertising and gifts / what the merchant is paid
--   per_line double, fulfilment / order lines, 0 where fulfilment is not among the kinds
--   kinds varchar, the kinds of cost that are in, those that every store with costs knows
-- source: METHODS 2 "Rungs" and rule 4: a kind that one store knows and another does not is in no
--   price that is compared; a kind is known from 80 percent of the sales on
with sold as (
    select
        store_id,
        sum(cast(sales as double)) as sales,
        case
            when count(platform_amount) = count(*)
                then sum(cast(paid_amount as double) + cast(platform_amount as double))
        end as merchant_value,
        sum(lines) as lines,
    from sku_weeks
    group by store_id
),

known as (
    select
        sold.store_id,
        sold.merchant_value,
        sold.lines,
        cost_amounts.kind,
        cost_amounts.amount,
    from cost_amounts
    inner join sold on cost_amounts.store_id = sold.store_id
    where
        cost_amounts.kind in (
            'commission_rate', 'payment_fee_rate', 'affiliate_rate', 'ad_spend', 'gift_cost',
            'fulfilment_per_order'
        )
        and cost_amounts.known_sales >= 0.8 * sold.sales
),

tellers as (
    select count(distinct store_id) as stores from known
),

common as (
    select known.kind
    from known
    cross join tellers
    group by known.kind, tellers.stores
    having count(*) = tellers.stores
),

final as (
    select
        known.store_id,
        sum(case when known.kind <> 'fulfilment_per_order' then known.amount else 0 end)
        / nullif(min(known.merchant_value), 0) as share,
        sum(case when known.kind = 'fulfilment_per_order' then known.amount else 0 end)
        / nullif(cast(min(known.lines) as double), 0) as per_line,
        string_agg(known.kind, ',' order by known.kind) as kinds,
    from known
    inner join common on known.kind = common.kind
    group by known.store_id
)

select * from final
order by store_id
