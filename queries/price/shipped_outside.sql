-- purpose: what part of a store's orders went outside the regions in which it is meant to sell,
--   and the five regions to which most of them went; of a store that declares regions and of which
--   that is not known, why. No row where it is known of no store
-- grain: store_id, rank
-- inputs: metrics, out_of_region, unknown_regions, scope_members, scope_stores
-- params: none
-- outputs:
--   store_id varchar, the store
--   rank bigint, 0 = all regions outside its own together, then the largest first
--   ship_region varchar, where the goods went, null = all together
--   orders bigint, paid orders, null = not known
--   share double, part of the store's orders whose region is known, null = not known
--   lo double, lower end of the 95% interval, of all together only
--   hi double, upper end of the 95% interval
--   paid_amount decimal(18,4), what consumers paid for them
--   outcome_reason varchar, why the share is not known
--   unknown_regions varchar, declared regions that no delivery of any store names
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
        cast(null as varchar) as outcome_reason,
        cast(null as varchar) as unknown_regions,
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

spelled as (
    select
        scope_members.compared_id as store_id,
        string_agg(
            distinct unknown_regions.region, ', ' order by unknown_regions.region
        ) as unknown_regions,
    from unknown_regions
    inner join scope_members on unknown_regions.store_id = scope_members.store_id
    group by scope_members.compared_id
),

limited as (
    select
        store_id,
        value,
        lo,
        hi,
        case when value is null then outcome_reason end as outcome_reason,
    from metrics
    where
        metric = 'out_of_region_share'
        and (value is not null or outcome_reason <> 'reason.no_regions')
),

known as (
    select count(value) as stores
    from limited
),

together as (
    select
        limited.store_id,
        0 as rank,
        cast(null as varchar) as ship_region,
        case when limited.value is not null then coalesce(totals.orders, 0) end as orders,
        limited.value as share,
        limited.lo,
        limited.hi,
        case when limited.value is not null then coalesce(totals.paid_amount, 0) end as paid_amount,
        limited.outcome_reason,
        spelled.unknown_regions,
    from limited
    left join totals on limited.store_id = totals.store_id
    left join spelled on limited.store_id = spelled.store_id
    cross join known
    where known.stores > 0
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
        every_row.outcome_reason,
        every_row.unknown_regions,
        scope_stores.position,
    from every_row
    inner join scope_stores on every_row.store_id = scope_stores.store_id
)

select * exclude (position) from final
order by position, rank
