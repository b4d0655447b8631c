-- purpose: orders of known buyers by the compared store of the order before and of the order itself
-- grain: scope, buyer_group, cell, from_id, to_id
-- inputs: order_switches, scope_members
-- params: none
-- outputs:
--   scope varchar, where buyer ids mean the same people
--   buyer_group varchar, one of 64 groups of buyers
--   cell bigint, number of the week and category within which orders are dealt
--   from_id varchar, store or group of the order before, empty = none that is recent enough
--   to_id varchar, store or group of the order; one that is not compared stands by its own id
--   orders bigint, orders
--   sales decimal(18,4), what they paid on the chosen basis
-- source: METHODS 6 "Loyalty" and "exchange"
with switches as (
    select * from order_switches
),

cells as (
    select
        week_start,
        category,
        row_number() over (order by week_start, category) as cell,
    from switches
    group by week_start, category
),

final as (
    select
        switches.scope,
        switches.buyer_group,
        cells.cell,
        coalesce(origins.compared_id, switches.from_store) as from_id,
        coalesce(targets.compared_id, switches.to_store) as to_id,
        cast(sum(switches.orders) as bigint) as orders,
        cast(sum(switches.sales) as decimal(18, 4)) as sales,
    from switches
    inner join cells
        on switches.week_start = cells.week_start and switches.category = cells.category
    left join scope_members as origins on switches.from_store = origins.store_id
    left join scope_members as targets on switches.to_store = targets.store_id
    group by
        switches.scope, switches.buyer_group, cells.cell,
        coalesce(origins.compared_id, switches.from_store),
        coalesce(targets.compared_id, switches.to_store)
)

select * from final
order by scope, buyer_group, cell, from_id, to_id
