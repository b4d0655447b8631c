-- purpose: what the store itself bears of each mechanism, where its promotions of the period say so
-- grain: store_id, mechanism
-- inputs: member_promotions
-- params: first date, last date
-- outputs:
--   store_id varchar, the store
--   mechanism varchar, mechanism code
--   merchant_share double, mean over promotion days
--   days bigint, promotion days of the period that say so
-- source: METHODS 2 "Price order", DATA promotions
with known as (
    select
        store_id,
        mechanism,
        merchant_share,
        date_diff(
            'day',
            greatest(cast(starts_at as date), $first),
            least(cast(ends_at as date), $last)
        ) + 1 as days,
    from member_promotions
    where
        merchant_share is not null
        and cast(starts_at as date) <= $last
        and cast(ends_at as date) >= $first
),

final as (
    select
        store_id,
        mechanism,
        sum(merchant_share * days) / nullif(cast(sum(days) as double), 0) as merchant_share,
        cast(sum(days) as bigint) as days,
    from known
    group by store_id, mechanism
)

select * from final
order by store_id, mechanism
