-- purpose: why all stores together sold more or less: one effect per factor, exact
-- grain: factor
-- inputs: store_bridges, variance
-- params: none
-- outputs:
--   base varchar, what the period is held against
--   position bigint, order of the factors
--   factor varchar, what the effect is due to
--   effect decimal(18,2), money
--   lo double, lower end of the 95% interval
--   hi double, upper end of the 95% interval
--   from_period varchar, first..last day of the base
--   to_period varchar, first..last day of the period
--   from_sales decimal(18,2), sales of all stores in the base
--   to_sales decimal(18,2), sales of all stores in the period
--   stores varchar, which stores these are, joined by +
-- source: METHODS 4, METHODS 10
with sold as (
    select
        base,
        actual,
        baseline,
        stores,
    from variance
    where
        store_id = 'all'
        and metric = 'sales'
        and actual is not null
        and baseline is not null
),

final as (
    select
        store_bridges.base,
        store_bridges.position,
        store_bridges.factor,
        store_bridges.effect,
        store_bridges.lo,
        store_bridges.hi,
        store_bridges.from_period,
        store_bridges.to_period,
        cast(sold.baseline as decimal(18, 2)) as from_sales,
        cast(sold.actual as decimal(18, 2)) as to_sales,
        sold.stores,
    from store_bridges
    inner join sold on store_bridges.base = sold.base
    where store_bridges.store_id = 'all'
)

select * from final
order by position
