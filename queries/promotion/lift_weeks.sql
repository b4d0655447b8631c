-- purpose: what each product of a store sold in each whole week of the period, and the weeks in
--   which the shelf says that it could not be bought; a week without a row sold nothing
-- grain: store_id, sku, week_start
-- inputs: sku_weeks, shelf_weeks, products
-- params: first date, last date, data_end date
-- outputs:
--   store_id varchar, the store
--   sku varchar, the product
--   week_start date, Monday of the week
--   units double, pieces sold
--   paid_amount double, what consumers paid
--   platform_amount double, part of the discounts refunded to the merchant, null = not known
--   is_gone boolean, most snapshots of the week say out of stock, or all not listed
--   unit_cost double, what a piece costs the merchant, null = not known
-- source: METHODS 3 "Lift"
with weeks as (
    select
        store_id,
        sku,
        week_start,
        cast(sum(units) as double) as units,
        cast(sum(paid_amount) as double) as paid_amount,
        cast(sum(platform_amount) as double) as platform_amount,
    from sku_weeks
    group by store_id, sku, week_start
),

shelf as (
    select
        store_id,
        sku,
        week_start,
        sum(listed_observations) = 0
        or sum(in_stock_share * observations)
        < 0.5 * sum(case when in_stock_share is not null then observations end) as is_gone,
    from shelf_weeks
    group by store_id, sku, week_start
),

final as (
    select
        coalesce(weeks.store_id, shelf.store_id) as store_id,
        coalesce(weeks.sku, shelf.sku) as sku,
        coalesce(weeks.week_start, shelf.week_start) as week_start,
        coalesce(weeks.units, 0) as units,
        coalesce(weeks.paid_amount, 0) as paid_amount,
        weeks.platform_amount,
        coalesce(shelf.is_gone, false) as is_gone,
        cast(products.unit_cost as double) as unit_cost,
    from weeks
    full outer join shelf
        on
            weeks.store_id = shelf.store_id
            and weeks.sku = shelf.sku
            and weeks.week_start = shelf.week_start
    left join products on coalesce(weeks.sku, shelf.sku) = products.sku
    where
        coalesce(weeks.week_start, shelf.week_start) >= $first
        and coalesce(weeks.week_start, shelf.week_start) + 6 <= least($last, $data_end)
)

select * from final
order by store_id, sku, week_start
