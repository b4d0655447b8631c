-- purpose: the days that an import covers: of each file all from its first to its last
-- grain: day
-- inputs: exported_lines
-- params: none
-- outputs:
--   day date, a day whose orders the import holds
-- source: DATA order_lines
with spans as (
    select
        sheet,
        min(placed_on) as first_day,
        max(placed_on) as last_day,
    from exported_lines
    where placed_on is not null
    group by sheet
),

days as (
    select unnest(generate_series(first_day, last_day, interval 1 day)) as day
    from spans
),

final as (
    select distinct cast(day as date) as day
    from days
)

select * from final
order by day
