-- purpose: how many products of each price tier every store has in the categories it is in
-- grain: store_id, category, tier
-- inputs: sku_tiers, sku_weeks, shelf_weeks, scope_stores
-- params: none
-- outputs:
--   store_id varchar, the store
--   category varchar, top-level category
--   tier varchar, entry, middle or premium; all = the category has no tiers
--   from_price double, lowest list price of the tier's products, in whichever store
--   to_price double, highest list price of the tier's products
--   skus bigint, products sold by the store; of a store without orders, products listed
--   outcome_reason varchar, why the category has no tiers
-- source: METHODS 2
with sold as (
    select distinct
        store_id,
        sku,
    from sku_weeks
    where units > 0
),

listed as (
    select distinct
        store_id,
        sku,
    from shelf_weeks
    where listed_observations > 0
),

carried as (
    select * from sold
    union all
    select listed.*
    from listed
    where listed.store_id not in (select sold.store_id from sold)
),

tiers as (
    select
        category,
        tier,
        case tier when 'entry' then 1 when 'middle' then 2 when 'premium' then 3 else 0 end
            as height,
        min(list_price) as from_price,
        max(list_price) as to_price,
        min(outcome_reason) as outcome_reason,
    from sku_tiers
    group by category, tier
),

counted as (
    select
        carried.store_id,
        sku_tiers.category,
        sku_tiers.tier,
        count(*) as skus,
    from carried
    inner join sku_tiers on carried.sku = sku_tiers.sku
    group by carried.store_id, sku_tiers.category, sku_tiers.tier
),

present as (
    select distinct
        store_id,
        category,
    from counted
),

final as (
    select
        present.store_id,
        tiers.category,
        tiers.tier,
        tiers.from_price,
        tiers.to_price,
        cast(coalesce(counted.skus, 0) as bigint) as skus,
        tiers.outcome_reason,
        scope_stores.position,
        tiers.height,
    from present
    inner join scope_stores on present.store_id = scope_stores.store_id
    inner join tiers on present.category = tiers.category
    left join counted
        on
            present.store_id = counted.store_id
            and tiers.category = counted.category
            and tiers.tier = counted.tier
)

select * exclude (position, height) from final
order by position, category, height
