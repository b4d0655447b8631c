-- purpose: what one piece of each of the twelve most widely sold products really costs in each
--   store
-- grain: sku, store_id
-- inputs: sku_weeks, shelf_weeks, products, scope_stores
-- params: reference varchar
-- outputs:
--   sku varchar, the product
--   title varchar, its name
--   store_id varchar, the store
--   price double, realised price of one piece; where no store has orders, the shelf's net price
--   reference_price double, the same in the reference store
--   ratio double, price / reference price
--   rank bigint, 1 = the product with most sales
-- source: METHODS 2 "Rungs"
with sold as (
    select
        store_id,
        sku,
        sum(cast(units as double)) as units,
        sum(cast(paid_amount as double)) as paid,
    from sku_weeks
    group by store_id, sku
),

shelf as (
    select
        store_id,
        sku,
        avg(one_piece_price) as price,
    from shelf_weeks
    where one_piece_price > 0
    group by store_id, sku
),

prices as (
    select
        store_id,
        sku,
        paid / nullif(units, 0) as price,
        paid as weight,
    from sold
    where units >= 5
    union all
    select
        store_id,
        sku,
        price,
        price as weight,
    from shelf
    where not exists (select 1 from sold)
),

scoped as (
    select
        prices.*,
        scope_stores.position,
    from prices
    inner join scope_stores on prices.store_id = scope_stores.store_id
    where prices.price > 0
),

reference_prices as (
    select
        sku,
        price as reference_price,
    from scoped
    where store_id = $reference
),

ranked as (
    select
        scoped.sku,
        row_number() over (
            order by count(*) desc, sum(scoped.weight) desc, scoped.sku asc
        ) as breadth_rank,
        sum(scoped.weight) as weight,
    from scoped
    inner join reference_prices on scoped.sku = reference_prices.sku
    group by scoped.sku
    having count(*) >= 2
    qualify breadth_rank <= 12
),

final as (
    select
        scoped.sku,
        coalesce(products.title, scoped.sku) as title,
        scoped.store_id,
        scoped.price,
        reference_prices.reference_price,
        scoped.price / nullif(reference_prices.reference_price, 0) as ratio,
        cast(
            dense_rank() over (order by ranked.weight desc, ranked.sku asc) as bigint
        ) as rank,
        scoped.position,
    from ranked
    inner join scoped on ranked.sku = scoped.sku
    inner join reference_prices on ranked.sku = reference_prices.sku
    left join products on ranked.sku = products.sku
)

select * exclude (position) from final
order by rank, position
