-- purpose: the price of each store, product and week on one rung, beside the reference store's and
--   the suggested one; a week is split where a month ends
-- grain: store_id, sku, week_start, month_start
-- inputs: sku_weeks, shelf_weeks, sku_discounts, products, scope_stores
-- params: rung varchar, first date, last date, reference varchar
-- outputs:
--   store_id varchar, the store
--   sku varchar, the product
--   week_start date, Monday of the week
--   month_start date, first day of the month
--   days bigint, days of the week in the month and the period
--   price double, on the rung: one_piece or realised
--   list_price double, per piece, null = not known
--   reference_price double, the reference store's price in the same cell, null = it has none
--   suggested_price double, of the product, null = none is known
--   units double, pieces sold in the cell, null = no order lines
--   week_units double, pieces sold in the week, null = no order lines
--   platform_per_piece double, platform money per piece sold in the week, null = not known
-- source: METHODS 2 "Price order"
with priced as (
    select
        store_id,
        sku,
        week_start,
        month_start,
        cast(paid_amount as double) / nullif(cast(units as double), 0) as price,
        cast(list_amount as double) / nullif(cast(units as double), 0) as list_price,
    from sku_weeks
    where $rung = 'realised'
    union all
    select
        store_id,
        sku,
        week_start,
        month_start,
        one_piece_price as price,
        list_price,
    from shelf_weeks
    where $rung = 'one_piece'
),

compared as (
    select priced.*
    from priced
    inner join scope_stores on priced.store_id = scope_stores.store_id
    where priced.price > 0
),

reference_cells as (
    select
        sku,
        week_start,
        month_start,
        price,
    from compared
    where store_id = $reference
),

sold as (
    select
        store_id,
        sku,
        week_start,
        month_start,
        cast(units as double) as units,
    from sku_weeks
),

weeks as (
    select
        store_id,
        sku,
        week_start,
        cast(sum(units) as double) as units,
        cast(sum(platform_amount) as double)
        / nullif(cast(sum(units) as double), 0) as platform_per_piece,
    from sku_discounts
    where span = 'period'
    group by store_id, sku, week_start
),

final as (
    select
        compared.store_id,
        compared.sku,
        compared.week_start,
        compared.month_start,
        cast(date_diff(
            'day',
            greatest(compared.week_start, compared.month_start, $first),
            least(compared.week_start + 6, last_day(compared.month_start), $last)
        ) + 1 as bigint) as days,
        compared.price,
        compared.list_price,
        reference_cells.price as reference_price,
        case
            when products.suggested_price > 0 then cast(products.suggested_price as double)
        end as suggested_price,
        sold.units,
        weeks.units as week_units,
        weeks.platform_per_piece,
    from compared
    left join reference_cells
        on
            compared.sku = reference_cells.sku
            and compared.week_start = reference_cells.week_start
            and compared.month_start = reference_cells.month_start
    left join products on compared.sku = products.sku
    left join sold
        on
            compared.store_id = sold.store_id
            and compared.sku = sold.sku
            and compared.week_start = sold.week_start
            and compared.month_start = sold.month_start
    left join weeks
        on
            compared.store_id = weeks.store_id
            and compared.sku = weeks.sku
            and compared.week_start = weeks.week_start
)

select * from final
order by store_id, sku, week_start, month_start
