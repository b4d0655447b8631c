-- purpose: every region to which anything was ever shipped, by any store: the spellings that are
--   known
-- grain: ship_region
-- inputs: order_lines
-- params: none
-- parts: add
-- outputs:
--   ship_region varchar, as the order lines spell it
-- source: DATA order_lines.ship_region
with lines as (
    select trim(ship_region) as ship_region
    from order_lines
    where trim(ship_region) <> ''
),

final as (
    select ship_region
    from lines
    group by ship_region
)

select * from final
order by ship_region
