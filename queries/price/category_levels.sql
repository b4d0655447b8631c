-- purpose: price level of every store on the best rung: of all goods, of each category, and per
--   unit of content of packs
-- grain: store_id, category, unit
-- inputs: price_index, scope_stores
-- params: none
-- outputs:
--   store_id varchar, the store
--   category varchar, all, or a top-level category
--   unit varchar, piece, or the unit of content that prices are per
--   rung varchar, the rung of the price ladder
--   value double, price level, reference = 100
--   lo double, lower end of the 95% interval
--   hi double, upper end of the 95% interval
--   matched_skus bigint, products matched with the reference
--   p_adjusted double, p-value adjusted over stores and categories
--   outcome varchar, what may be said against the reference
--   outcome_reason varchar, why nothing can be said
-- source: METHODS 2 "Price level"
with best as (
    select
        case
            when count(case when rung = 'realised' then 1 end) > 0 then 'realised'
            else 'one_piece'
        end as rung,
    from price_index
),

index_rows as (
    select
        price_index.*,
        scope_stores.position,
        (price_index.category <> 'all') as is_category,
        (price_index.unit <> 'piece') as is_content,
    from price_index
    inner join best on price_index.rung = best.rung
    inner join scope_stores on price_index.store_id = scope_stores.store_id
),

final as (
    select
        store_id,
        category,
        unit,
        rung,
        value,
        lo,
        hi,
        matched_skus,
        p_adjusted,
        outcome,
        outcome_reason,
        is_content,
        is_category,
        position,
    from index_rows
)

select * exclude (is_content, is_category, position) from final
order by is_content, is_category, category, unit, position
