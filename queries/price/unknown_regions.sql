-- purpose: regions that stores declare and no delivery of any store names: as far as anyone can
--   tell they are spelled otherwise, and nothing of such a store is known to be outside
-- grain: store_id, region
-- inputs: stores, ship_regions
-- params: none
-- outputs:
--   store_id varchar, the store; of a group, its members
--   region varchar, as the store declares it
-- source: DATA stores.regions
with listed as (
    select
        store_id,
        unnest(string_split(regions, '|')) as region,
    from stores
),

final as (
    select distinct
        listed.store_id,
        trim(listed.region) as region,
    from listed
    left join ship_regions on trim(listed.region) = ship_regions.ship_region
    where
        trim(listed.region) <> ''
        and ship_regions.ship_region is null
        and exists (select 1 from ship_regions)
)

select * from final
order by store_id, region
