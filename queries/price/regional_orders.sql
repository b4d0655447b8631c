-- purpose: orders of the stores that declare regions by where they went; nothing is known to be
--   outside of a store with a region that no delivery names. Of a group every store by itself, then
--   added up
-- grain: store_id, buyer_group, ship_region, is_outside
-- inputs: member_region_groups, unknown_regions, scope_members
-- params: none
-- outputs:
--   store_id varchar, the store or group
--   buyer_group varchar, one of 64 groups of buyers
--   ship_region varchar, where the goods went, null = not known
--   is_outside boolean, whether that is none of the store's regions, null = not known
--   orders bigint, paid orders
--   paid_amount decimal(18,4), what consumers paid
-- source: DATA stores.regions and order_lines.ship_region
with unsettled as (
    select store_id
    from unknown_regions
    group by store_id
),

judged as (
    select
        scope_members.compared_id as store_id,
        member_region_groups.buyer_group,
        member_region_groups.ship_region,
        case
            when unsettled.store_id is null then member_region_groups.is_outside
        end as is_outside,
        member_region_groups.orders,
        member_region_groups.paid_amount,
    from member_region_groups
    inner join scope_members on member_region_groups.store_id = scope_members.store_id
    left join unsettled on member_region_groups.store_id = unsettled.store_id
),

final as (
    select
        store_id,
        buyer_group,
        ship_region,
        is_outside,
        cast(sum(orders) as bigint) as orders,
        cast(sum(paid_amount) as decimal(18, 4)) as paid_amount,
    from judged
    group by store_id, buyer_group, ship_region, is_outside
)

select * from final
order by store_id, buyer_group, ship_region, is_outside
