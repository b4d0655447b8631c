-- purpose: price level of every store on every rung, with its interval, reference = 100
-- grain: store_id, rung
-- inputs: price_index, scope_stores
-- params: none
-- outputs:
--   store_id varchar, the store
--   rung varchar, the rung of the price ladder
--   value double, price level, reference = 100
--   lo double, lower end of the 95% interval
--   hi double, upper end of the 95% interval
--   matched_skus bigint, products matched with the reference
--   coverage double, share of the store's sales in matched cells
--   time_grain varchar, length of the cells in which prices are matched
--   outcome varchar, what may be said against the reference
--   outcome_reason varchar, why nothing can be said
-- source: METHODS 2 "Price level"
with index_rows as (
    select
        price_index.*,
        scope_stores.position,
        case price_index.rung
            when 'list' then 1
            when 'activity' then 2
            when 'one_piece' then 3
            when 'realised' then 4
            when 'merchant' then 5
            else 6
        end as step,
    from price_index
    inner join scope_stores on price_index.store_id = scope_stores.store_id
    where price_index.category = 'all' and price_index.unit = 'piece'
),

final as (
    select
        store_id,
        rung,
        value,
        lo,
        hi,
        matched_skus,
        coverage,
        time_grain,
        outcome,
        outcome_reason,
        step,
        position,
    from index_rows
)

select * exclude (step, position) from final
order by step, position
