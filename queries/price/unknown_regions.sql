-- purpose: regions that stores declare and no delivery of any store names: as far as anyone can
--   tell they are spelled otherwise, and nothing of such a store is known to be outside. Only of
--   stores of which it is known where they shipped
-- grain: store_id, region
-- inputs: stores, ship_regions, member_region_groups
-- params: none
-- outputs:
--   store_id varchar, the store; of a group, its members
--   region varchar, as the store declares it
-- source: DATA stores.regions
with placed as (
    select store_id
    from member_region_groups
    where ship_region is not null
    group by store_id
),

listed as (
    select
        stores.store_id,
        unnest(string_split(stores.regions, '|')) as region,
    from stores
    inner join placed on stores.store_id = placed.store_id
),

final as (
    select distinct
        listed.store_id,
        trim(listed.region) as region,
    from listed
    left join ship_regions on trim(listed.region) = ship_regions.ship_region
    where trim(listed.region) <> '' and ship_regions.ship_region is null
)

select * from final
order by store_id, region
