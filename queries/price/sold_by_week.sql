-- purpose: pieces and what was paid of each store, product and week: what price gaps between two
--   stores are made of
-- grain: store_id, sku, week_start
-- inputs: sku_weeks
-- params: none
-- outputs:
--   store_id varchar, the store
--   sku varchar, the product
--   week_start date, Monday of the week
--   units double, pieces sold
--   paid double, what consumers paid
-- source: METHODS 2
with final as (
    select
        store_id,
        sku,
        week_start,
        cast(sum(units) as double) as units,
        cast(sum(paid_amount) as double) as paid,
    from sku_weeks
    group by store_id, sku, week_start
)

select * from final
order by store_id, sku, week_start
