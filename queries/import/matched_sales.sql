-- purpose: sales of a store's imported lines by the way their product was found
-- grain: route
-- inputs: exported_lines, item_matches
-- params: none
-- outputs:
--   route varchar, code, map, new or unmatched
--   lines bigint, lines sold
--   sales decimal(18,4), paid for them
-- source: DATA products
with routes as (
    select
        item_key,
        min(route) as route,
    from item_matches
    group by item_key
),

final as (
    select
        coalesce(routes.route, 'unmatched') as route,
        count(*) as lines,
        cast(sum(exported_lines.paid_amount) as decimal(18, 4)) as sales,
    from exported_lines
    left join routes on exported_lines.item_key = routes.item_key
    where exported_lines.reason is null
    group by coalesce(routes.route, 'unmatched')
)

select * from final
order by route
