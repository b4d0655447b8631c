-- purpose: every paid order up to the last day, with its buyer as a number: what the cubes of
--   buyers are made of, grouped once. Kept in the engine, in narrow columns; no result shows it
-- grain: store_number, order_id
-- inputs: order_lines, store_numbers, sku_categories
-- params: last date, add_platform boolean, less_refunds boolean
-- outputs:
--   store_number smallint, the store, as in store_numbers
--   scope_number smallint, where buyer numbers mean the same people
--   order_id varchar, the order
--   buyer ubigint, number of the buyer, of several the largest; null = not known
--   ordered_at timestamp, when the order began
--   first_category smallint, least number of its categories, as in sku_categories; 0 = not known
--   last_category smallint, largest of them; where it is the same the order has one category
--   sales decimal(18,4), paid amount on the chosen basis
-- source: METHODS 6; SCALE 3. Two of two million buyers share a number in one of ten million runs
with lines as (
    select
        store_numbers.store_number,
        store_numbers.scope_number,
        order_lines.order_id,
        -- portable: ok(functions) it only stands for the buyer, whatever number an engine makes
        case when order_lines.buyer_id is not null then hash(order_lines.buyer_id) end as buyer,
        order_lines.ordered_at,
        coalesce(sku_categories.category_number, 0) as category_number,
        order_lines.paid_amount
        + case when $add_platform then coalesce(order_lines.platform_amount, 0) else 0 end
        - case
            when $less_refunds then coalesce(order_lines.refunded_amount, 0)
            else 0
        end as sales,
    from order_lines
    inner join store_numbers on order_lines.store_id = store_numbers.store_id
    left join sku_categories on order_lines.sku = sku_categories.sku
    where
        not coalesce(order_lines.is_excluded, false)
        and cast(order_lines.ordered_at as date) <= $last
),

final as (
    select
        store_number,
        min(scope_number) as scope_number,
        order_id,
        max(buyer) as buyer,
        min(ordered_at) as ordered_at,
        min(category_number) as first_category,
        max(category_number) as last_category,
        cast(sum(sales) as decimal(18, 4)) as sales,
    from lines
    group by store_number, order_id
)

select * from final
order by store_number, order_id
