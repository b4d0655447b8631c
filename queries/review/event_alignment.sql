-- purpose: which days the days of the period are held against, in runs
-- grain: first_day
-- inputs: aligned_days
-- params: none
-- outputs:
--   first_day date, first day of the run
--   last_day date, last day of the run
--   days bigint, how many
--   aligned_first date, the day that the first is held against, null = none
--   aligned_last date, the day that the last is held against
--   event varchar, the event, null = ordinary days
-- source: METHODS 10
with numbered as (
    select
        day,
        aligned_day,
        event,
        cast(row_number() over (partition by event order by day) as integer) as place,
    from aligned_days
),

final as (
    select
        min(day) as first_day,
        max(day) as last_day,
        count(*) as days,
        min(aligned_day) as aligned_first,
        max(aligned_day) as aligned_last,
        event,
    from numbered
    group by event, day - place, aligned_day - place
)

select * from final
order by first_day
