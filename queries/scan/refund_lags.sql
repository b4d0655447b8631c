-- purpose: refunds of orders old enough to be complete, by days between payment and refund
-- grain: store_id, lag_days
-- inputs: order_lines
-- params: mature_before date
-- parts: add
-- outputs:
--   store_id varchar, the store
--   lag_days bigint, days from payment to refund
--   refunded_amount decimal(18,4), money given back after that many days
-- source: METHODS 4 (refund cohorts), rule 6
with refunds as (
    select
        store_id,
        date_diff('day', cast(ordered_at as date), cast(refunded_at as date)) as lag_days,
        refunded_amount,
    from order_lines
    where
        not coalesce(is_excluded, false)
        and refunded_amount > 0
        and refunded_at is not null
        and cast(ordered_at as date) < $mature_before
),

final as (
    select
        store_id,
        cast(lag_days as bigint) as lag_days,
        cast(sum(refunded_amount) as decimal(18, 4)) as refunded_amount,
    from refunds
    group by store_id, lag_days
)

select * from final
order by store_id, lag_days
