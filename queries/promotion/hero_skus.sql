-- purpose: the hero products, by which baskets are compared: the five with most paid of those that
--   three stores (of two, both) list on at least half of the days of the period
-- grain: sku
-- inputs: sku_weeks, listed_spells
-- params: first date, last date
-- outputs:
--   sku varchar, the product
--   stores bigint, stores that list it on at least half of the days
--   paid_amount decimal(18,4), what consumers paid for it in all stores
--   rank bigint, 1 = most paid
-- source: METHODS 3
with listed as (
    select
        store_id,
        sku,
        sum(date_diff('day', first_day, last_day) + 1) as days,
    from listed_spells
    group by store_id, sku
),

carried as (
    select
        sku,
        count(*) as stores,
    from listed
    where 2 * days >= date_diff('day', $first, $last) + 1
    group by sku
),

known as (
    select count(distinct store_id) as stores from listed
),

paid as (
    select
        sku,
        sum(paid_amount) as paid_amount,
    from sku_weeks
    group by sku
),

final as (
    select
        carried.sku,
        carried.stores,
        cast(paid.paid_amount as decimal(18, 4)) as paid_amount,
        row_number() over (order by paid.paid_amount desc, carried.sku asc) as rank,
    from carried
    inner join paid on carried.sku = paid.sku
    cross join known
    where carried.stores >= greatest(least(known.stores, 3), 2)
    qualify rank <= 5
)

select * from final
order by rank
