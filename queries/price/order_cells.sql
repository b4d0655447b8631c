-- purpose: the price of each store, product and week on one rung, beside the reference's and the
--   suggested one; a week is split where a month ends. Of a group every store by itself: a price
--   that is a mean of two stores was asked by neither. The reference group's price is the mean of
--   its stores; these are not compared with it but with themselves
-- grain: store_id, sku, week_start, month_start
-- inputs: member_sku_weeks, member_shelf_weeks, member_sku_discounts, sku_weeks, shelf_weeks,
--   products, scope_members
-- params: rung varchar, first date, last date, reference varchar
-- outputs:
--   store_id varchar, the store
--   compared_id varchar, what it is compared as: itself, or its group
--   sku varchar, the product
--   week_start date, Monday of the week
--   month_start date, first day of the month
--   days bigint, days of the week in the month and the period
--   price double, on the rung: one_piece or realised
--   list_price double, per piece, null = not known
--   reference_price double, the reference's in the same cell, null = it has none
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
    from member_sku_weeks
    where $rung = 'realised'
    union all
    select
        store_id,
        sku,
        week_start,
        month_start,
        one_piece_price as price,
        list_price,
    from member_shelf_weeks
    where $rung = 'one_piece'
),

compared as (
    select
        priced.*,
        scope_members.compared_id,
    from priced
    inner join scope_members on priced.store_id = scope_members.store_id
    where priced.price > 0
),

reference_cells as (
    select
        sku,
        week_start,
        month_start,
        cast(paid_amount as double) / nullif(cast(units as double), 0) as price,
    from sku_weeks
    where store_id = $reference and $rung = 'realised'
    union all
    select
        sku,
        week_start,
        month_start,
        one_piece_price as price,
    from shelf_weeks
    where store_id = $reference and $rung = 'one_piece'
),

sold as (
    select
        store_id,
        sku,
        week_start,
        month_start,
        cast(units as double) as units,
    from member_sku_weeks
),

weeks as (
    select
        store_id,
        sku,
        week_start,
        cast(sum(units) as double) as units,
        cast(sum(platform_amount) as double)
        / nullif(cast(sum(units) as double), 0) as platform_per_piece,
    from member_sku_discounts
    where span = 'period'
    group by store_id, sku, week_start
),

final as (
    select
        compared.store_id,
        compared.compared_id,
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
        case
            when compared.compared_id = $reference then compared.price
            when reference_cells.price > 0 then reference_cells.price
        end as reference_price,
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
