-- purpose: why all stores together sold more or less than in the year before, or in the period
--   asked for beside this one: one effect per factor, exact
-- grain: factor
-- inputs: bridge, sales_by_store, scope_stores
-- params: none
-- outputs:
--   position bigint, order of the factors
--   factor varchar, what the effect is due to
--   effect decimal(18,2), money; the effects add up to the difference of sales
--   lo double, lower end of the 95% interval
--   hi double, upper end of the 95% interval
--   from_period varchar, first..last day of the period compared with
--   to_period varchar, first..last day of the period
--   from_sales decimal(18,2), sales of all stores in that period
--   to_sales decimal(18,2), sales of all stores in the period
-- source: METHODS 4, rule 3
with effects as (
    select * from bridge
    where from_id = 'all' and to_id = 'all'
),

sold as (
    select sum(sales_by_store.sales) as sales
    from sales_by_store
    inner join scope_stores on sales_by_store.store_id = scope_stores.store_id
),

changed as (
    select sum(effect) as change from effects
),

final as (
    select
        effects.position,
        effects.factor,
        effects.effect,
        effects.lo,
        effects.hi,
        effects.from_period,
        effects.to_period,
        cast(coalesce(sold.sales, 0) - changed.change as decimal(18, 2)) as from_sales,
        cast(coalesce(sold.sales, 0) as decimal(18, 2)) as to_sales,
    from effects
    cross join sold
    cross join changed
)

select * from final
order by position
