-- purpose: how many products and categories each store carries, by its sales or, for a store known
--   by its shelf alone, by its listings
-- grain: store_id
-- inputs: scope_stores, sku_weeks, shelf_weeks, sku_categories
-- params: none
-- outputs:
--   store_id varchar, the store
--   is_shelf_only boolean, listings are known and sales are not
--   carried_skus bigint, products sold or, shelf only, listed; null = neither is known
--   carried_categories bigint, their top-level categories, null = not known
--   exclusive_skus bigint, carried products that no other compared store carries, null = not known
--   listed_skus bigint, products on the shelf, null = no listing is known
--   listed_sold_skus bigint, of these, products sold; null = listings or sales are not known
--   lines bigint, order lines, null = sales are not known
-- source: METHODS 1, DATA order_lines (stores with snapshots alone)
with sold as (
    select
        sku_weeks.store_id,
        sku_weeks.sku,
        sum(sku_weeks.lines) as lines,
    from sku_weeks
    inner join scope_stores on sku_weeks.store_id = scope_stores.store_id
    group by sku_weeks.store_id, sku_weeks.sku
),

listed as (
    select distinct
        shelf_weeks.store_id,
        shelf_weeks.sku,
    from shelf_weeks
    inner join scope_stores on shelf_weeks.store_id = scope_stores.store_id
    where shelf_weeks.listed_observations > 0
),

sellers as (
    select
        store_id,
        sum(lines) as lines,
    from sold
    group by store_id
),

carried as (
    select
        store_id,
        sku,
    from sold
    union all
    select
        listed.store_id,
        listed.sku,
    from listed
    left join sellers on listed.store_id = sellers.store_id
    where sellers.store_id is null
),

carriers as (
    select
        store_id,
        sku,
        count(*) over (partition by sku) as stores,
    from carried
),

counts as (
    select
        carriers.store_id,
        count(*) as carried_skus,
        count(distinct sku_categories.category) as carried_categories,
        count(case when carriers.stores = 1 then 1 end) as exclusive_skus,
    from carriers
    left join sku_categories on carriers.sku = sku_categories.sku
    group by carriers.store_id
),

listings as (
    select
        listed.store_id,
        count(*) as listed_skus,
        count(sold.sku) as listed_sold_skus,
    from listed
    left join sold on listed.store_id = sold.store_id and listed.sku = sold.sku
    group by listed.store_id
),

final as (
    select
        scope_stores.store_id,
        sellers.store_id is null and listings.store_id is not null as is_shelf_only,
        cast(counts.carried_skus as bigint) as carried_skus,
        cast(nullif(counts.carried_categories, 0) as bigint) as carried_categories,
        cast(counts.exclusive_skus as bigint) as exclusive_skus,
        cast(listings.listed_skus as bigint) as listed_skus,
        cast(
            case when sellers.store_id is not null then listings.listed_sold_skus end as bigint
        ) as listed_sold_skus,
        cast(sellers.lines as bigint) as lines,
        scope_stores.position,
    from scope_stores
    left join counts on scope_stores.store_id = counts.store_id
    left join listings on scope_stores.store_id = listings.store_id
    left join sellers on scope_stores.store_id = sellers.store_id
)

select * exclude (position) from final
order by position
