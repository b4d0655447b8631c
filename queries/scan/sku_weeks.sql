-- purpose: units and money of each store, product and week of the period; a week is split where a
--   month ends
-- grain: store_id, sku, week_start, month_start
-- inputs: order_lines
-- params: first date, last date, add_platform boolean, less_refunds boolean
-- parts: add
-- outputs:
--   store_id varchar, the store
--   sku varchar, the product
--   week_start date, Monday of the week
--   month_start date, first day of the month
--   first_day date, first day with a line in the cell
--   lines bigint, order lines
--   units decimal(18,3), pieces sold
--   promoted_units decimal(18,3), pieces sold below list price
--   list_amount decimal(18,4), pieces at list price
--   sales decimal(18,4), paid amount on the chosen basis
--   paid_amount decimal(18,4), what consumers paid
--   platform_amount decimal(18,4), part of the discounts refunded to the merchant, null = not known
--   refunded_amount decimal(18,4), money given back, null = not known
--   full_price_amount decimal(18,4), paid for lines at 90% of list or more
--   days_sold bigint, days with a sale
--   days_promoted bigint, days with a sale below list price
-- source: METHODS 1-3, SCALE 1
with lines as (
    select
        store_id,
        sku,
        cast(ordered_at as date) as day,
        qty,
        cast(
            round(cast(qty as double) * cast(list_price as double), 4) as decimal(18, 4)
        ) as list_amount,
        paid_amount
        + case when $add_platform then coalesce(platform_amount, 0) else 0 end
        - case when $less_refunds then coalesce(refunded_amount, 0) else 0 end as sales,
        paid_amount,
        platform_amount,
        refunded_amount,
    from order_lines
    where
        not coalesce(is_excluded, false)
        and cast(ordered_at as date) >= $first
        and cast(ordered_at as date) <= $last
),

days as (
    select
        store_id,
        sku,
        day,
        count(*) as lines,
        sum(qty) as units,
        sum(case when paid_amount < list_amount then qty else 0 end) as promoted_units,
        sum(list_amount) as list_amount,
        sum(sales) as sales,
        sum(paid_amount) as paid_amount,
        sum(platform_amount) as platform_amount,
        sum(refunded_amount) as refunded_amount,
        sum(
            case
                when 10 * paid_amount >= 9 * list_amount then paid_amount
                else 0
            end
        ) as full_price_amount,
    from lines
    group by store_id, sku, day
),

final as (
    select
        store_id,
        sku,
        cast(date_trunc('week', day) as date) as week_start,
        cast(date_trunc('month', day) as date) as month_start,
        min(day) as first_day,
        cast(sum(lines) as bigint) as lines,
        cast(sum(units) as decimal(18, 3)) as units,
        cast(sum(promoted_units) as decimal(18, 3)) as promoted_units,
        cast(sum(list_amount) as decimal(18, 4)) as list_amount,
        cast(sum(sales) as decimal(18, 4)) as sales,
        cast(sum(paid_amount) as decimal(18, 4)) as paid_amount,
        cast(sum(platform_amount) as decimal(18, 4)) as platform_amount,
        cast(sum(refunded_amount) as decimal(18, 4)) as refunded_amount,
        cast(sum(full_price_amount) as decimal(18, 4)) as full_price_amount,
        cast(count(*) as bigint) as days_sold,
        cast(count(case when promoted_units > 0 then 1 end) as bigint) as days_promoted,
    from days
    group by
        store_id,
        sku,
        cast(date_trunc('week', day) as date),
        cast(date_trunc('month', day) as date)
)

select * from final
order by store_id, sku, week_start, month_start
