-- purpose: days on which each store has a price of each product, on both rungs of the price order;
--   of a group the days of its stores added up
-- grain: store_id, sku, rung
-- inputs: member_sku_weeks, member_shelf_weeks, scope_members
-- params: first date, last date
-- outputs:
--   store_id varchar, the store or group
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
    from member_sku_weeks
    where paid_amount > 0 and units > 0
    union all
    select
        store_id,
        sku,
        'one_piece' as rung,
        week_start,
        month_start,
    from member_shelf_weeks
    where one_piece_price > 0
),

final as (
    select
        scope_members.compared_id as store_id,
        cells.sku,
        cells.rung,
        cast(
            sum(
                date_diff(
                    'day',
                    greatest(cells.week_start, cells.month_start, $first),
                    least(cells.week_start + 6, last_day(cells.month_start), $last)
                ) + 1
            ) as bigint
        ) as days,
    from cells
    inner join scope_members on cells.store_id = scope_members.store_id
    group by scope_members.compared_id, cells.sku, cells.rung
)

select * from final
order by store_id, sku, rung
