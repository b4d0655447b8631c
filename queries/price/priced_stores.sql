-- purpose: the stores that have any price at all on one rung of the price ladder
-- grain: store_id
-- inputs: sku_weeks, shelf_weeks
-- params: rung varchar
-- outputs:
--   store_id varchar, the store
-- source: METHODS 2 "Price level"
with sold as (
    select
        store_id,
        case $rung
            when 'list' then list_amount
            when 'realised' then paid_amount
        end as amount,
        units,
    from sku_weeks
),

seen as (
    select
        store_id,
        case $rung
            when 'list' then list_price
            when 'activity' then activity_price
            when 'one_piece' then one_piece_price
        end as price,
    from shelf_weeks
),

final as (
    select store_id
    from sold
    where amount > 0 and units > 0
    union
    select store_id
    from seen
    where price > 0
)

select * from final
order by store_id
