-- purpose: what part of a store's orders went outside the regions in which it is meant to sell,
--   and the five regions to which most of them went
-- grain: store_id, rank
-- inputs: metrics, out_of_region, scope_stores
-- params: none
-- outputs:
--   store_id varchar, the store
--   rank bigint, 0 = all regions outside its own together, then the largest first
--   ship_region varchar, where the goods went, null = all together
--   orders bigint, paid orders
--   share double, part of the store's orders whose region is known
--   lo double, lower end of the 95% interval, of all together only
--   hi double, upper end of the 95% interval
--   paid_amount decimal(18,4), what consumers paid for them
-- source: DATA order_lines.ship_region
with regions as (
    select
        store_id,
        row_number() over (
            partition by store_id order by orders desc, ship_region asc
        ) as rank,
        ship_region,
        orders,
        share,
        cast(null as double) as lo,
        cast(null as double) as hi,
        paid_amount,
    from out_of_region
),

totals as (
    select
        store_id,
        sum(orders) as orders,
        sum(paid_amount) as paid_amount,
    from out_of_region
    group by store_id
),

together as (
    select
        metrics.store_id,
        0 as rank,
        cast(null as varchar) as ship_region,
        coalesce(totals.orders, 0) as orders,
        metrics.value as share,
        metrics.lo,
        metrics.hi,
        coalesce(totals.paid_amount, 0) as paid_amount,
    from metrics
    left join totals on metrics.store_id = totals.store_id
    where metrics.metric = 'out_of_region_share' and metrics.value is not null
),

every_row as (
    select * from together
    union all
    select * from regions
    where rank <= 5
),

final as (
    select
        every_row.store_id,
        cast(every_row.rank as bigint) as rank,
        every_row.ship_region,
        cast(every_row.orders as bigint) as orders,
        every_row.share,
        every_row.lo,
        every_row.hi,
        cast(every_row.paid_amount as decimal(18, 4)) as paid_amount,
        scope_stores.position,
    from every_row
    inner join scope_stores on every_row.store_id = scope_stores.store_id
)

select * exclude (position) from final
order by position, rank
