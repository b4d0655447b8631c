-- purpose: what an event in progress has sold so far and will come to, all stores first
-- grain: event, store_id
-- inputs: projection, scope_stores
-- params: none
-- outputs:
--   event varchar, the event
--   store_id varchar, a store, or all
--   stores varchar, which stores a total holds, joined by +
--   first_day date, first day of the event
--   last_day date, last day of the event
--   to_day date, last day that is known
--   days bigint, days of the event
--   days_so_far bigint, days of it that are known
--   so_far double, sales of these days
--   aligned_so_far double, of as many days of the year before that match
--   aligned double, of all days of the event in the year before
--   growth double, so_far / aligned_so_far - 1
--   growth_lo double, lower end of the 80% range
--   growth_hi double, upper end of the 80% range
--   projected double, what all of it will come to
--   low double, lower end of the range
--   high double, upper end of the range
--   level double, the part of futures that the range holds
--   outcome_reason varchar, why it cannot be projected
-- source: METHODS 10
with final as (
    select
        projection.event,
        projection.store_id,
        projection.stores,
        projection.first as first_day,
        projection.last as last_day,
        projection.to_day,
        projection.days,
        projection.days_so_far,
        projection.so_far,
        projection.aligned_so_far,
        projection.aligned,
        projection.growth,
        projection.growth_lo,
        projection.growth_hi,
        projection.projected,
        projection.low,
        projection.high,
        projection.level,
        projection.outcome_reason,
        scope_stores.position,
    from projection
    left join scope_stores on projection.store_id = scope_stores.store_id
)

select * exclude (position) from final
order by event asc, store_id = 'all' desc, position asc nulls last, store_id asc
