-- purpose: the last day of the data: of the order lines, of the snapshots where there are none
-- grain: last_day
-- inputs: order_lines, price_snapshots
-- params: none
-- outputs:
--   last_day date, the last day
-- source: METHODS rule 6
with ends as (
    select max(ordered_at) as last_at from order_lines
),

shelf_ends as (
    select max(observed_at) as last_at from price_snapshots
),

final as (
    select cast(coalesce(ends.last_at, shelf_ends.last_at) as date) as last_day
    from ends
    cross join shelf_ends
)

select * from final
order by last_day
