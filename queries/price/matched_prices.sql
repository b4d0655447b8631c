-- purpose: for each pair of stores and product, the four sums that a Törnqvist relative over
--   matched cells of product and time needs, on one rung of the price ladder
-- grain: store_a, store_b, sku
-- inputs: sku_weeks, shelf_weeks, scope_stores
-- params: rung varchar, time_grain varchar
-- outputs:
--   store_a varchar, the store that comes first in the report
--   store_b varchar, the other store
--   sku varchar, a product that both have in at least one common time cell
--   cells bigint, common time cells
--   value_a double, value of the product in the first store's matched cells
--   value_b double, value of the product in the other store's matched cells
--   log_a double, sum over cells of the first store's value times ln(price of a / price of b)
--   log_b double, sum over cells of the other store's value times ln(price of a / price of b)
-- source: METHODS 2 "Price level"
with sold as (
    select
        store_id,
        sku,
        case $time_grain
            when 'week' then week_start
            when 'month' then month_start
            when 'quarter' then cast(date_trunc('quarter', month_start) as date)
            else date '1970-01-01'
        end as cell,
        sum(cast(units as double)) as units,
        sum(cast(paid_amount as double)) as paid_value,
        case $rung
            when 'list' then sum(cast(list_amount as double))
            when 'realised' then sum(cast(paid_amount as double))
            when 'merchant'
                then
                    case
                        when count(platform_amount) = count(*)
                            then
                                sum(
                                    cast(paid_amount as double) + cast(platform_amount as double)
                                )
                    end
        end as rung_value,
    from sku_weeks
    group by store_id, sku, cell
),

seen as (
    select
        store_id,
        sku,
        case $time_grain
            when 'week' then week_start
            when 'month' then month_start
            when 'quarter' then cast(date_trunc('quarter', month_start) as date)
            else date '1970-01-01'
        end as cell,
        avg(
            case $rung
                when 'list' then list_price
                when 'activity' then activity_price
                when 'one_piece' then one_piece_price
            end
        ) as price,
    from shelf_weeks
    group by store_id, sku, cell
),

order_stores as (
    select distinct store_id from sold
),

priced as (
    select
        sold.store_id,
        sold.sku,
        sold.cell,
        sold.rung_value / nullif(sold.units, 0) as price,
        sold.paid_value as cell_value,
    from sold
    where $rung in ('list', 'realised', 'merchant')
    union all
    select
        seen.store_id,
        seen.sku,
        seen.cell,
        seen.price,
        coalesce(sold.paid_value, 0) as cell_value,
    from seen
    left join sold
        on
            seen.store_id = sold.store_id
            and seen.sku = sold.sku
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

totals as (
    select
        store_a,
        store_b,
        sum(value_a) as total_a,
        sum(value_b) as total_b,
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
            when totals.total_a > 0 then pairs.value_a
            when totals.total_b > 0 then pairs.value_b
            else 1
        end as value_a,
        case
            when totals.total_b > 0 then pairs.value_b
            when totals.total_a > 0 then pairs.value_a
            else 1
        end as value_b,
    from pairs
    inner join totals on pairs.store_a = totals.store_a and pairs.store_b = totals.store_b
),

final as (
    select
        store_a,
        store_b,
        sku,
        cast(count(*) as bigint) as cells,
        sum(value_a) as value_a,
        sum(value_b) as value_b,
        sum(value_a * log_relative) as log_a,
        sum(value_b * log_relative) as log_b,
    from weighed
    group by store_a, store_b, sku
)

select * from final
order by store_a, store_b, sku
