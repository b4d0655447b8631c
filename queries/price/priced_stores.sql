-- purpose: the stores that have any price at all on one rung of the price ladder
-- grain: store_id
-- inputs: sku_weeks, shelf_weeks, pocket_rates
-- params: rung varchar
-- outputs:
--   store_id varchar, the store
-- source: METHODS 2 "Price level"
with sold as (
    select
        sku_weeks.store_id,
        case $rung
            when 'list' then sku_weeks.list_amount
            when 'realised' then sku_weeks.paid_amount
            when 'merchant' then sku_weeks.paid_amount + sku_weeks.platform_amount
            when 'pocket'
                then
                    case
                        when pocket_rates.share is not null
                            then sku_weeks.paid_amount + sku_weeks.platform_amount
                    end
        end as amount,
        sku_weeks.units,
    from sku_weeks
    left join pocket_rates on sku_weeks.store_id = pocket_rates.store_id
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
