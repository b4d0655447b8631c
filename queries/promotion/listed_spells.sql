-- purpose: the list price of each store and product from day to day, as runs of equal prices: of a
--   week what its orders say, else what its shelf shows; a price not seen again for 13 weeks, and
--   one of a week in which the shelf showed the product as gone, is not known any more
-- grain: store_id, sku, first_day
-- inputs: sku_weeks, shelf_weeks, products, stores, scope_stores
-- params: first date, last date, currency varchar
-- outputs:
--   store_id varchar, the store; only stores that trade in the currency of the workspace
--   sku varchar, the product
--   category varchar, of the product, null = not known
--   first_day date, first day of the run
--   last_day date, last day of the run
--   list_price decimal(18,2), of one piece
-- source: METHODS 3, DATA order_lines.list_price
with sold as (
    select
        store_id,
        sku,
        greatest(week_start, month_start, $first) as day,
        cast(list_amount as double) / nullif(cast(units as double), 0) as list_price,
    from sku_weeks
    where units > 0
),

shelf as (
    select
        store_id,
        sku,
        greatest(week_start, month_start, $first) as day,
        case when listed_observations > 0 then list_price end as list_price,
    from shelf_weeks
),

cells as (
    select
        coalesce(sold.store_id, shelf.store_id) as store_id,
        coalesce(sold.sku, shelf.sku) as sku,
        coalesce(sold.day, shelf.day) as day,
        round(coalesce(sold.list_price, shelf.list_price), 2) as list_price,
    from sold
    full outer join shelf
        on
            sold.store_id = shelf.store_id
            and sold.sku = shelf.sku
            and sold.day = shelf.day
),

lasting as (
    select
        *,
        least(
            lead(day) over (partition by store_id, sku order by day) - 1,
            day + 90,
            $last
        ) as last_day,
    from cells
),

marked as (
    select
        *,
        case
            when
                list_price = lag(list_price) over (partition by store_id, sku order by day)
                and day = lag(last_day) over (partition by store_id, sku order by day) + 1
                then 0
            else 1
        end as is_new,
    from lasting
),

numbered as (
    select
        *,
        sum(is_new) over (
            partition by store_id, sku order by day
            rows between unbounded preceding and current row
        ) as run,
    from marked
),

runs as (
    select
        store_id,
        sku,
        min(day) as first_day,
        max(last_day) as last_day,
        any_value(list_price) as list_price,
    from numbered
    where list_price > 0
    group by store_id, sku, run
),

final as (
    select
        runs.store_id,
        runs.sku,
        products.category,
        runs.first_day,
        runs.last_day,
        cast(runs.list_price as decimal(18, 2)) as list_price,
    from runs
    inner join scope_stores on runs.store_id = scope_stores.store_id
    inner join stores on runs.store_id = stores.store_id
    left join products on runs.sku = products.sku
    where coalesce(stores.currency, $currency) = $currency
)

select * from final
order by store_id, sku, first_day
