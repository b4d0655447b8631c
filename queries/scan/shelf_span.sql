-- purpose: how many shelf snapshots each store has and the days they span
-- grain: store_id
-- inputs: price_snapshots
-- params: none
-- outputs:
--   store_id varchar, the store
--   snapshots bigint, snapshots in the data
--   first_day date, first day observed
--   last_day date, last day observed
-- source: METHODS rule 6
with observed as (
    select * from price_snapshots
),

final as (
    select
        store_id,
        cast(count(*) as bigint) as snapshots,
        cast(min(observed_at) as date) as first_day,
        cast(max(observed_at) as date) as last_day,
    from observed
    group by store_id
)

select * from final
order by store_id
