-- purpose: for each pair of stores and product, the four sums that a Törnqvist relative over
--   matched cells of product and time needs, on one rung of the price ladder
-- grain: store_a, store_b, sku
-- inputs: sku_weeks, shelf_weeks, scope_stores, sku_categories, content_products, pocket_rates
-- params: rung varchar, time_grain varchar, unit varchar
-- outputs:
--   store_a varchar, the store that comes first in the report
--   store_b varchar, the other store
--   sku varchar, a product both have in a common time cell; of packs by content, the first of them
--   category varchar, its top-level category
--   cells bigint, common time cells
--   value_a double, value of the product in the first store's matched cells
--   value_b double, value of the product in the other store's matched cells
--   log_a double, sum over cells of the first store's value times ln(price of a / price of b)
--   log_b double, sum over cells of the other store's value times ln(price of a / price of b)
-- source: METHODS 2 "Price level". Sums are of decimals, so that threads leave no trace in them
with sold as (
    select
        sku_weeks.store_id,
        case $unit when 'piece' then sku_weeks.sku else content_products.product end as item,
        case $time_grain
            when 'week' then sku_weeks.week_start
            when 'month' then sku_weeks.month_start
            when 'quarter' then cast(date_trunc('quarter', sku_weeks.month_start) as date)
            else date '1970-01-01'
        end as cell,
        cast(
            sum(
                cast(
                    sku_weeks.units
                    * case $unit when 'piece' then 1 else content_products.unit_size end
                    as decimal(38, 9)
                )
            ) as double
        ) as units,
        cast(sum(sku_weeks.paid_amount) as double) as paid_value,
        cast(sum(sku_weeks.list_amount) as double) as list_value,
        case
            when count(sku_weeks.platform_amount) = count(*)
                then
                    cast(
                        sum(sku_weeks.paid_amount) + sum(sku_weeks.platform_amount) as double
                    )
        end as merchant_value,
        sum(sku_weeks.lines) as lines,
    from sku_weeks
    left join content_products on sku_weeks.sku = content_products.sku
    where $unit = 'piece' or content_products.unit = $unit
    group by sku_weeks.store_id, item, cell
),

sold_prices as (
    select
        sold.store_id,
        sold.item as sku,
        sold.cell,
        sold.paid_value,
        case $rung
            when 'list' then sold.list_value
            when 'realised' then sold.paid_value
            when 'merchant' then sold.merchant_value
            when 'pocket'
                then
                    sold.merchant_value * (1 - pocket_rates.share)
                    - sold.lines * pocket_rates.per_line
        end / nullif(sold.units, 0) as price,
    from sold
    left join pocket_rates on sold.store_id = pocket_rates.store_id
),

seen as (
    select
        shelf_weeks.store_id,
        case $unit when 'piece' then shelf_weeks.sku else content_products.product end as item,
        case $time_grain
            when 'week' then shelf_weeks.week_start
            when 'month' then shelf_weeks.month_start
            when 'quarter' then cast(date_trunc('quarter', shelf_weeks.month_start) as date)
            else date '1970-01-01'
        end as cell,
        avg(
            case $rung
                when 'list' then shelf_weeks.list_price
                when 'activity' then shelf_weeks.activity_price
                when 'one_piece' then shelf_weeks.one_piece_price
            end / nullif(case $unit when 'piece' then 1 else content_products.unit_size end, 0)
        ) as price,
    from shelf_weeks
    left join content_products on shelf_weeks.sku = content_products.sku
    where $unit = 'piece' or content_products.unit = $unit
    group by shelf_weeks.store_id, item, cell
),

order_stores as (
    select distinct store_id from sold
),

priced as (
    select
        sold_prices.store_id,
        sold_prices.sku,
        sold_prices.cell,
        sold_prices.price,
        sold_prices.paid_value as cell_value,
    from sold_prices
    where $rung in ('list', 'realised', 'merchant', 'pocket')
    union all
    select
        seen.store_id,
        seen.item as sku,
        seen.cell,
        seen.price,
        coalesce(sold.paid_value, 0) as cell_value,
    from seen
    left join sold
        on
            seen.store_id = sold.store_id
            and seen.item = sold.item
            and seen.cell = sold.cell
    where
        $rung in ('activity', 'one_piece')
        or (
            $rung = 'list'
            and seen.store_id not in (select order_stores.store_id from order_stores)
        )
),

cells as (
    select
        priced.*,
        scope_stores.position,
    from priced
    inner join scope_stores on priced.store_id = scope_stores.store_id
    where priced.price > 0
),

pairs as (
    select
        a.store_id as store_a,
        b.store_id as store_b,
        a.sku,
        a.cell_value as value_a,
        b.cell_value as value_b,
        ln(a.price / nullif(b.price, 0)) as log_relative,
    from cells as a
    inner join cells as b
        on
            a.sku = b.sku
            and a.cell = b.cell
            and a.position < b.position
),

largest as (
    select
        store_a,
        store_b,
        max(value_a) as most_a,
        max(value_b) as most_b,
    from pairs
    group by store_a, store_b
),

-- a store whose sales nobody knows takes the other's values; where neither is known all count alike
weighed as (
    select
        pairs.store_a,
        pairs.store_b,
        pairs.sku,
        pairs.log_relative,
        case
            when largest.most_a > 0 then pairs.value_a
            when largest.most_b > 0 then pairs.value_b
            else 1
        end as value_a,
        case
            when largest.most_b > 0 then pairs.value_b
            when largest.most_a > 0 then pairs.value_a
            else 1
        end as value_b,
    from pairs
    inner join largest on pairs.store_a = largest.store_a and pairs.store_b = largest.store_b
),

final as (
    select
        weighed.store_a,
        weighed.store_b,
        weighed.sku,
        sku_categories.category,
        cast(count(*) as bigint) as cells,
        cast(sum(cast(weighed.value_a as decimal(38, 12))) as double) as value_a,
        cast(sum(cast(weighed.value_b as decimal(38, 12))) as double) as value_b,
        cast(
            sum(cast(weighed.value_a * weighed.log_relative as decimal(38, 12))) as double
        ) as log_a,
        cast(
            sum(cast(weighed.value_b * weighed.log_relative as decimal(38, 12))) as double
        ) as log_b,
    from weighed
    left join sku_categories on weighed.sku = sku_categories.sku
    group by weighed.store_a, weighed.store_b, weighed.sku, sku_categories.category
)

select * from final
order by store_a, store_b, sku
