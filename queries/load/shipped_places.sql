-- purpose: to which regions each store ever shipped, as its order lines spell them
-- grain: store_id, region
-- inputs: order_lines
-- params: none
-- parts: add
-- outputs:
--   store_id varchar, the store
--   region varchar, without blanks around it
-- source: DATA order_lines.ship_region
with lines as (
    select
        store_id,
        trim(ship_region) as region,
    from order_lines
    where trim(ship_region) <> ''
),

final as (
    select
        store_id,
        region,
    from lines
    group by store_id, region
)

select * from final
order by store_id, region
