-- purpose: how much of each store's sales in the period has refunds still coming in, and what sales
--   will be when these have come
-- grain: store_id
-- inputs: store_days, refund_lags, base_days
-- params: data_end date, less_refunds boolean
-- outputs:
--   store_id varchar, the store
--   immature double, paid amount of the last 15 days of the data / paid amount, null = none
--   developed decimal(18,2), sales less the refunds still to come, null = too few known
-- source: METHODS 4 "the last 15 days of refunds are immature"; days are developed as in
--   sales/refund_cohorts: what came back over paid amount times the share of refunds that come in
--   by that age gives what will come back in the end
with days as (
    select
        store_days.store_id,
        store_days.sales,
        store_days.paid_amount,
        store_days.refunded_amount,
        store_days.refund_known_paid,
        date_diff('day', store_days.day, $data_end) as age,
    from store_days
    inner join base_days on store_days.day = base_days.day and base_days.span = 'period'
    where store_days.lines > 0
),

lags as (
    select
        store_id,
        lag_days,
        sum(refunded_amount) over (partition by store_id order by lag_days asc)
        / nullif(sum(refunded_amount) over (partition by store_id), 0) as come_in,
    from refund_lags
),

-- the share of a store's refunds that have come in by the age of each of its days
aged as (
    select
        days.*,
        coalesce(max(lags.come_in), 0) as come_in,
    from days
    left join lags on days.store_id = lags.store_id and days.age >= lags.lag_days
    group by all
),

sums as (
    select
        store_id,
        sum(sales) as sales,
        sum(paid_amount) as paid,
        sum(case when age < 15 then paid_amount end) as immature_paid,
        sum(cast(refunded_amount as double)) as refunded,
        sum(cast(refund_known_paid as double)) as known,
        sum(cast(refund_known_paid as double) * come_in) as exposed,
    from aged
    group by store_id
),

final as (
    select
        store_id,
        cast(immature_paid as double) / nullif(cast(paid as double), 0) as immature,
        cast(
            case
                when
                    $less_refunds and immature_paid > 0
                    and known >= 0.8 * paid and exposed >= 0.3 * known
                    then sales - coalesce(refunded / nullif(exposed, 0), 0) * (known - exposed)
            end as decimal(18, 2)
        ) as developed,
    from sums
)

select * from final
order by store_id
