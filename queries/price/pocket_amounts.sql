-- purpose: what becomes of each store's sales at list price, step by step: discounts by mechanism,
--   platform money, refunds, costs by kind, and the totals on the way down to the contribution
-- grain: store_id, step
-- inputs: contribution, cost_amounts, mechanism_totals, store_days
-- params: first date, last date, merchant_basis boolean, less_refunds boolean
-- outputs:
--   store_id varchar, the store
--   position bigint, order of the steps of the store
--   step varchar, a total, or what leads to the next: mechanism:code, platform, refunds, cost:kind
--   is_total boolean, whether the amount is a total
--   amount double, money, signed, null = not known
--   outcome_reason varchar, why the amount is not known
-- source: METHODS 2 "Rungs", 4 "contribution where costs exist"; a kind of cost known for less
--   than 80 percent of the sales counts as not known; one that no store tells of is no step
with sold as (
    select
        store_id,
        sum(list_amount) as list_amount,
        sum(paid_amount) as paid_amount,
        sum(sales) as sales,
        sum(platform_amount) as platform_amount,
        sum(refunded_amount) as refunded_amount,
    from store_days
    where day between $first and $last and lines > 0
    group by store_id
),

discounts as (
    select * from mechanism_totals
),

costs as (
    select * from cost_amounts
),

left_over as (
    select * from contribution
),

platforms as (
    select coalesce(max(abs(platform_amount)), 0) as most from sold
),

stores_in_all as (
    select
        sold.store_id,
        cast(sold.list_amount as double) as list_amount,
        cast(sold.paid_amount as double) as paid_amount,
        cast(sold.sales as double) as sales,
        case
            when $merchant_basis then cast(sold.platform_amount as double)
            else left_over.platform_amount
        end as platform_amount,
        -- unknown platform money of sales on the merchant's basis is none, as in the sales
        case
            when $merchant_basis then coalesce(cast(sold.platform_amount as double), 0)
            else left_over.platform_amount
        end as platform_counted,
        case
            when $merchant_basis then coalesce(sold.platform_amount, 0)
            else 0
        end as platform_in_sales,
        sold.sales - sold.paid_amount as sales_beyond_paid,
        sold.refunded_amount is not null as is_refund_known,
        left_over.contribution,
        left_over.outcome_reason,
    from sold
    inner join left_over on sold.store_id = left_over.store_id
),

kinds as (
    select distinct
        kind,
        case
            when kind = 'product_cost' then 9
            when kind in ('staff', 'platform_annual_fee', 'other') then 10
            else 7
        end as block,
        case kind
            when 'commission_rate' then 1
            when 'payment_fee_rate' then 2
            when 'affiliate_rate' then 3
            when 'ad_spend' then 4
            when 'fulfilment_per_order' then 5
            when 'gift_cost' then 6
            when 'staff' then 7
            when 'platform_annual_fee' then 8
            else 9
        end as place,
    from costs
),

tellers as (
    select distinct store_id from costs
    where kind <> 'product_cost'
),

spent as (
    select
        stores_in_all.store_id,
        kinds.kind,
        kinds.block,
        kinds.place,
        case
            when costs.amount is null and (kinds.block = 9 or tellers.store_id is null)
                then 'reason.no_costs'
            when costs.amount is null then 'reason.kind_of_cost_unknown'
            -- where there is a contribution its query has found enough known of every kind
            when
                stores_in_all.outcome_reason is not null
                and costs.known_sales / nullif(stores_in_all.sales, 0) < 0.8
                then 'reason.costs_partly_known'
        end as outcome_reason,
        -costs.amount as amount,
    from stores_in_all
    cross join kinds
    left join costs on stores_in_all.store_id = costs.store_id and kinds.kind = costs.kind
    left join tellers on stores_in_all.store_id = tellers.store_id
),

selling as (
    select
        store_id,
        sum(amount) as amount,
        bool_or(outcome_reason = 'reason.costs_partly_known') as is_partly_known,
    from spent
    where block = 7
    group by store_id
),

pockets as (
    select
        stores_in_all.store_id,
        stores_in_all.sales
        - stores_in_all.platform_in_sales
        + stores_in_all.platform_counted
        + selling.amount as amount,
        case
            when stores_in_all.platform_counted is null then 'reason.platform_amount_unknown'
            when selling.amount is null then 'reason.no_costs'
            when selling.is_partly_known then 'reason.costs_partly_known'
        end as outcome_reason,
    from stores_in_all
    left join selling on stores_in_all.store_id = selling.store_id
),

mechanism_places as (
    select
        mechanism,
        case mechanism when 'unexplained' then 1 else 0 end as is_last,
        sum(discount_amount) as discount_amount,
    from discounts
    where mechanism <> 'none' and list_value is not null
    group by mechanism
),

steps as (
    select
        store_id,
        'list' as step,
        1 as block,
        0 as place,
        list_amount as amount,
        cast(null as varchar) as outcome_reason,
    from stores_in_all
    union all
    select
        discounts.store_id,
        'mechanism:' || discounts.mechanism as step,
        2 as block,
        row_number() over (
            partition by discounts.store_id
            order by
                mechanism_places.is_last asc,
                mechanism_places.discount_amount desc,
                discounts.mechanism asc
        ) as place,
        -cast(discounts.discount_amount as double) as amount,
        null as outcome_reason,
    from discounts
    inner join mechanism_places on discounts.mechanism = mechanism_places.mechanism
    union all
    select
        store_id,
        'realised' as step,
        3 as block,
        0 as place,
        paid_amount as amount,
        null as outcome_reason,
    from stores_in_all
    union all
    select
        stores_in_all.store_id,
        'platform' as step,
        4 as block,
        0 as place,
        stores_in_all.platform_amount as amount,
        case
            when stores_in_all.platform_amount is null then 'reason.platform_amount_unknown'
        end as outcome_reason,
    from stores_in_all
    cross join platforms
    where platforms.most > 0
    union all
    select
        store_id,
        'merchant' as step,
        5 as block,
        0 as place,
        paid_amount + platform_counted as amount,
        case
            when platform_counted is null then 'reason.platform_amount_unknown'
        end as outcome_reason,
    from stores_in_all
    union all
    select
        store_id,
        'refunds' as step,
        6 as block,
        0 as place,
        case
            when is_refund_known then cast(sales_beyond_paid - platform_in_sales as double)
        end as amount,
        case when not is_refund_known then 'reason.no_refunds_known' end as outcome_reason,
    from stores_in_all
    where $less_refunds
    union all
    select
        store_id,
        'cost:' || kind as step,
        block,
        place,
        case when outcome_reason is null then amount end as amount,
        outcome_reason,
    from spent
    union all
    select
        store_id,
        'pocket' as step,
        8 as block,
        0 as place,
        case when outcome_reason is null then amount end as amount,
        outcome_reason,
    from pockets
    union all
    select
        store_id,
        'contribution' as step,
        11 as block,
        0 as place,
        contribution as amount,
        outcome_reason,
    from stores_in_all
),

final as (
    select
        store_id,
        row_number() over (partition by store_id order by block, place, step) as position,
        step,
        block in (1, 3, 5, 8, 11) as is_total,
        amount,
        outcome_reason,
    from steps
)

select * from final
order by store_id, position
