-- purpose: what stores that may sell in certain regions only shipped where, by group of buyers, by
--   the names as they stand: whether a region is spelled otherwise is for regional_orders to say
-- grain: store_id, buyer_group, ship_region, is_outside
-- inputs: order_lines, stores
-- params: first date, last date
-- parts: add
-- outputs:
--   store_id varchar, a store that declares its regions
--   buyer_group varchar, one of 64 groups, by md5 of the buyer or, where unknown, of the order
--   ship_region varchar, where the goods went, null = not known
--   is_outside boolean, whether that is none of the store's regions, null = no region given
--   orders bigint, paid orders; one that went to two regions counts in both
--   paid_amount decimal(18,4), what consumers paid
-- source: DATA stores.regions and order_lines.ship_region
with places as (
    select
        store_id,
        '|' || replace(replace(trim(regions), ' |', '|'), '| ', '|') || '|' as regions,
    from stores
    where trim(regions) <> ''
),

lines as (
    select
        order_lines.store_id,
        order_lines.order_id,
        md5(coalesce(order_lines.buyer_id, order_lines.order_id)) as digest,
        nullif(trim(order_lines.ship_region), '') as ship_region,
        order_lines.paid_amount,
        places.regions,
    from order_lines
    inner join places on order_lines.store_id = places.store_id
    where
        not coalesce(order_lines.is_excluded, false)
        and cast(order_lines.ordered_at as date) >= $first
        and cast(order_lines.ordered_at as date) <= $last
),

grouped as (
    select
        store_id,
        order_id,
        ship_region,
        paid_amount,
        substr(digest, 1, 1) || case
            when substr(digest, 2, 1) < '4' then 'a'
            when substr(digest, 2, 1) < '8' then 'b'
            when substr(digest, 2, 1) < 'c' then 'c'
            else 'd'
        end as buyer_group,
        position('|' || ship_region || '|' in regions) = 0 as is_outside,
    from lines
),

final as (
    select
        store_id,
        buyer_group,
        ship_region,
        is_outside,
        cast(count(distinct order_id) as bigint) as orders,
        cast(sum(paid_amount) as decimal(18, 4)) as paid_amount,
    from grouped
    group by store_id, buyer_group, ship_region, is_outside
)

select * from final
order by store_id, buyer_group, ship_region, is_outside
