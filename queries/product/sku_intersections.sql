-- purpose: which stores carry the same products: every product counted once, under the exact
--   set of stores that sold it or, where only the shelf is known, listed it; the ten largest
--   sets and the rest
-- grain: rank
-- inputs: scope_stores, sku_weeks, shelf_weeks
-- params: none
-- outputs:
--   intersection varchar, ids of the stores in report order joined by +; other = the remaining sets
--   stores bigint, stores in the set, null for other
--   skus bigint, products carried by these stores and by no other
--   sales decimal(18,4), their sales in all stores, null = sold by none whose sales are known
--   rank bigint, 1 = most products
-- source: METHODS 1
with sold as (
    select
        store_id,
        sku,
        sum(sales) as sales,
    from sku_weeks
    group by store_id, sku
),

sellers as (
    select distinct store_id from sold
),

listed as (
    select distinct
        shelf_weeks.store_id,
        shelf_weeks.sku,
        cast(null as decimal(18, 4)) as sales,
    from shelf_weeks
    left join sellers on shelf_weeks.store_id = sellers.store_id
    where shelf_weeks.listed_observations > 0 and sellers.store_id is null
),

carried as (
    select
        store_id,
        sku,
        sales,
    from sold
    union all
    select
        store_id,
        sku,
        sales,
    from listed
),

sku_sets as (
    select
        carried.sku,
        string_agg(carried.store_id, '+' order by scope_stores.position) as intersection,
        count(*) as stores,
        sum(carried.sales) as sales,
    from carried
    inner join scope_stores on carried.store_id = scope_stores.store_id
    group by carried.sku
),

sets as (
    select
        intersection,
        stores,
        count(*) as skus,
        sum(sales) as sales,
    from sku_sets
    group by intersection, stores
),

ranked as (
    select
        *,
        row_number() over (order by skus desc, sales desc nulls last, intersection asc) as place,
    from sets
),

final as (
    select
        case when place <= 10 then intersection else 'other' end as intersection,
        cast(max(case when place <= 10 then stores end) as bigint) as stores,
        cast(sum(skus) as bigint) as skus,
        cast(sum(sales) as decimal(18, 4)) as sales,
        cast(least(place, 11) as bigint) as rank,
    from ranked
    group by
        case when place <= 10 then intersection else 'other' end,
        least(place, 11)
)

select * from final
order by rank
