-- purpose: days on which each store has a price of each product, on both rungs of the price order
-- grain: store_id, sku, rung
-- inputs: sku_weeks, shelf_weeks
-- params: first date, last date
-- outputs:
--   store_id varchar, the store
--   sku varchar, the product
--   rung varchar, one_piece or realised
--   days bigint, days of its weekly cells in the period; a week is split where a month ends
-- source: METHODS 2 "Price order"
with cells as (
    select
        store_id,
        sku,
        'realised' as rung,
        week_start,
        month_start,
    from sku_weeks
    where paid_amount > 0 and units > 0
    union all
    select
        store_id,
        sku,
        'one_piece' as rung,
        week_start,
        month_start,
    from shelf_weeks
    where one_piece_price > 0
),

final as (
    select
        store_id,
        sku,
        rung,
        cast(
            sum(
                date_diff(
                    'day',
                    greatest(week_start, month_start, $first),
                    least(week_start + 6, last_day(month_start), $last)
                ) + 1
            ) as bigint
        ) as days,
    from cells
    group by store_id, sku, rung
)

select * from final
order by store_id, sku, rung
