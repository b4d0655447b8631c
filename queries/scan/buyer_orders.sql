-- purpose: every paid order, with its buyer as a number: what the cubes of orders
--   and buyers are made of, grouped once. Kept in the engine, in narrow columns; no result shows it
-- grain: store_number, order_id
-- inputs: order_lines, store_numbers, sku_categories
-- params: add_platform boolean, less_refunds boolean
-- outputs:
--   store_number smallint, the store, as in store_numbers
--   order_id varchar, the order
--   buyer bigint, number of the buyer, of several the largest; null = not known
--   group_number smallint, 0 to 63, which group of buyers: by md5 of the buyer, or of the order
--   ordered_at timestamp, when the order began
--   first_sku bigint, least number of its products, as in sku_categories; 0 = not known
--   last_sku bigint, largest of them; where it is the same the order has one product
--   sales decimal(18,4), paid amount on the chosen basis
--   paid_amount decimal(18,4), what the consumer paid
--   is_full_price boolean, paid at 90% of list or more
-- source: METHODS 6; SCALE 3. Two of two million buyers share a number in one of 500,000 runs
with lines as (
    select
        store_numbers.store_number,
        order_lines.order_id,
        -- portable: ok(whole-numbers) hexadecimal digits, a form that the dialect knows
        cast('0x' || substr(md5(order_lines.buyer_id), 1, 15) as bigint) as buyer,
        order_lines.ordered_at,
        coalesce(sku_categories.sku_number, 0) as sku_number,
        order_lines.paid_amount,
        cast(
            round(
                cast(order_lines.qty as double) * cast(order_lines.list_price as double), 4
            ) as decimal(18, 4)
        ) as list_amount,
        order_lines.paid_amount
        + case when $add_platform then coalesce(order_lines.platform_amount, 0) else 0 end
        - case
            when $less_refunds then coalesce(order_lines.refunded_amount, 0)
            else 0
        end as sales,
    from order_lines
    inner join store_numbers on order_lines.store_id = store_numbers.store_id
    left join sku_categories on order_lines.sku = sku_categories.sku
    where not coalesce(order_lines.is_excluded, false)
),

orders as (
    select
        store_number,
        order_id,
        max(buyer) as buyer,
        min(ordered_at) as ordered_at,
        min(sku_number) as first_sku,
        max(sku_number) as last_sku,
        cast(sum(paid_amount) as decimal(18, 4)) as paid_amount,
        cast(sum(list_amount) as decimal(18, 4)) as list_amount,
        cast(sum(sales) as decimal(18, 4)) as sales,
    from lines
    group by store_number, order_id
),

numbered as (
    select
        *,
        coalesce(buyer, cast('0x' || substr(md5(order_id), 1, 15) as bigint)) as grouped_by,
    from orders
),

-- the six highest of the sixty bits of such a number
final as (
    select
        store_number,
        order_id,
        buyer,
        cast(
            round((grouped_by & 1134907106097364992) / 18014398509481984) as smallint
        ) as group_number,
        ordered_at,
        first_sku,
        last_sku,
        sales,
        paid_amount,
        10 * paid_amount >= 9 * list_amount as is_full_price,
    from numbered
)

select * from final
order by store_number, order_id
