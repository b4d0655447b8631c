-- purpose: what each buyer did in each store and calendar quarter, so that the past of a buyer is
--   read without the orders. Kept in the engine; no result shows it
-- grain: store_number, buyer, quarter
-- inputs: buyer_orders
-- params: last date
-- outputs:
--   store_number smallint, the store, as in store_numbers
--   buyer bigint, number of the buyer; null = all orders whose buyer is not known
--   quarter smallint, 4 x year + quarter from 1 to 4: the quarter in which the orders began
--   group_number smallint, 0 to 63, the group of buyers; of unknown ones the least
--   first_day date, day of the first of these orders
--   last_at timestamp, when the last of them began
--   orders integer, paid orders until $last
--   sales decimal(18,4), paid amount on the chosen basis
-- source: METHODS 6; SCALE 2
with dated as (
    select
        store_number,
        buyer,
        group_number,
        cast(ordered_at as date) as day,
        ordered_at,
        sales,
    from buyer_orders
    where cast(ordered_at as date) <= $last
),

quarterly as (
    select
        *,
        cast(extract(year from day) * 4 + extract(quarter from day) as smallint) as quarter,
    from dated
),

final as (
    select
        store_number,
        buyer,
        quarter,
        min(group_number) as group_number,
        min(day) as first_day,
        max(ordered_at) as last_at,
        cast(count(*) as integer) as orders,
        cast(sum(sales) as decimal(18, 4)) as sales,
    from quarterly
    group by store_number, buyer, quarter
)

select * from final
order by store_number asc, buyer asc nulls last, quarter asc
