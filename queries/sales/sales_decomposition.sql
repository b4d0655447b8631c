-- purpose: why each store sells more or less than the reference: one effect per factor, exact
-- grain: store_id, factor
-- inputs: bridge, sales_by_store, scope_stores
-- params: reference varchar
-- outputs:
--   store_id varchar, the store
--   reference_id varchar, the store it is compared with
--   position bigint, order of the factors
--   factor varchar, what the effect is due to
--   effect decimal(18,2), money; the effects of a store add up to the difference of sales
--   lo double, lower end of the 95% interval
--   hi double, upper end of the 95% interval
--   reference_sales decimal(18,2), sales of the reference
--   store_sales decimal(18,2), sales of the store
-- source: METHODS 4, rule 3
with effects as (
    select * from bridge
    where from_id = $reference and from_period = to_period
),

final as (
    select
        effects.to_id as store_id,
        effects.from_id as reference_id,
        effects.position,
        effects.factor,
        effects.effect,
        effects.lo,
        effects.hi,
        reference_sales.sales as reference_sales,
        store_sales.sales as store_sales,
        scope_stores.position as store_position,
    from effects
    inner join scope_stores on effects.to_id = scope_stores.store_id
    inner join sales_by_store as reference_sales on effects.from_id = reference_sales.store_id
    inner join sales_by_store as store_sales on effects.to_id = store_sales.store_id
)

select * exclude (store_position) from final
order by store_position, position
