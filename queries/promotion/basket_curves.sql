-- purpose: what a piece of the three first heroes costs in each store, bought alone, as a pair, as
--   three and as five: the median over the days of the period, for everybody
-- grain: sku, store_id, pieces
-- inputs: basket_prices, hero_skus, products, scope_stores
-- params: reference varchar
-- outputs:
--   sku varchar, the product
--   title varchar, its name
--   store_id varchar, the store
--   pieces bigint, pieces bought
--   price double, net price of one of them
--   level double, the same, median list price at the reference = 100; of all stores if it has none
--   days bigint, days with a price
--   rank bigint, 1 = the product with most sales
-- source: METHODS 3
with days as (
    select
        store_id,
        sku,
        pieces,
        per_piece,
        cast(list_amount as double) / nullif(pieces, 0) as list_price,
        unnest(range(days)) as nth,
    from basket_prices
    where basket = 'hero' and eligibility = 'all'
),

lists as (
    select
        sku,
        coalesce(
            median(case when store_id = $reference then list_price end), median(list_price)
        ) as list_price,
    from days
    group by sku
),

prices as (
    select
        store_id,
        sku,
        pieces,
        median(per_piece) as price,
        count(nth) as days,
    from days
    group by store_id, sku, pieces
),

final as (
    select
        prices.sku,
        coalesce(products.title, prices.sku) as title,
        prices.store_id,
        prices.pieces,
        prices.price,
        100 * prices.price / nullif(lists.list_price, 0) as level,
        prices.days,
        hero_skus.rank,
        scope_stores.position,
    from prices
    inner join hero_skus on prices.sku = hero_skus.sku
    inner join lists on prices.sku = lists.sku
    inner join scope_stores on prices.store_id = scope_stores.store_id
    left join products on prices.sku = products.sku
    where hero_skus.rank <= 3
)

select * exclude (position) from final
order by rank, position, pieces
