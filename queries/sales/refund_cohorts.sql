-- purpose: share of each month's paid amount given back, by month of payment, with the months that
--   are not complete yet developed by the store's own refund lags
-- grain: store_id, month
-- inputs: store_days, refund_lags, scope_stores
-- params: first date, last date, data_end date
-- outputs:
--   store_id varchar, the store
--   month date, month of payment
--   sales decimal(18,4), paid amount of the month
--   refund_share double, given back so far / paid amount with known refunds, null = too few known
--   is_immature boolean, whether orders of the last 15 days of the data are among them
--   developed double, expected final share, null where too little of the refunds can have come in
-- source: METHODS 4 "the last 15 days of refunds are immature"; refunds so far are divided by the
--   paid amount times the share of refunds that come in by that age, measured on orders older than
--   60 days; shares need known refunds for 80 percent of the paid amount
with days as (
    select
        store_days.store_id,
        scope_stores.position,
        store_days.day,
        cast(date_trunc('month', store_days.day) as date) as month,
        store_days.paid_amount,
        store_days.refunded_amount,
        store_days.refund_known_paid,
        date_diff('day', store_days.day, $data_end) as age,
    from store_days
    inner join scope_stores on store_days.store_id = scope_stores.store_id
    where store_days.day between $first and $last and store_days.lines > 0
),

lags as (
    select
        store_id,
        lag_days,
        sum(refunded_amount) over (partition by store_id order by lag_days asc)
        / nullif(sum(refunded_amount) over (partition by store_id), 0) as come_in,
    from refund_lags
),

aged as (
    select
        days.*,
        max(lags.come_in) as come_in,
    from days
    left join lags on days.store_id = lags.store_id and days.age >= lags.lag_days
    group by all
),

months as (
    select
        store_id,
        position,
        month,
        sum(paid_amount) as sales,
        sum(cast(refunded_amount as double)) as refunded,
        bool_or(age < 15) as is_immature,
        sum(cast(refund_known_paid as double)) as known_sales,
        sum(cast(refund_known_paid as double) * coalesce(come_in, 0)) as exposed,
    from aged
    group by store_id, position, month
),

final as (
    select
        store_id,
        month,
        cast(sales as decimal(18, 4)) as sales,
        case when known_sales >= 0.8 * sales then refunded / nullif(known_sales, 0) end
            as refund_share,
        is_immature,
        case
            when known_sales >= 0.8 * sales and exposed >= 0.3 * known_sales
                then refunded / nullif(exposed, 0)
        end as developed,
        position,
    from months
)

select * exclude (position) from final
order by position, month
