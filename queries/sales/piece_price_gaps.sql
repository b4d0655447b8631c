-- purpose: why a piece is paid more or less in each store than at the reference: one effect per
--   factor, exact
-- grain: store_id, factor
-- inputs: piece_price_bridge, metrics, scope_stores
-- params: reference varchar
-- outputs:
--   store_id varchar, the store
--   reference_id varchar, the store it is compared with
--   position bigint, order of the factors
--   factor varchar, what the effect is due to
--   price_effect double, money per piece; a store's effects add up to the difference of the prices
--   lo double, lower end of the 95% interval
--   hi double, upper end of the 95% interval
--   reference_price double, price per piece of the reference
--   store_price double, price per piece of the store
-- source: METHODS 4, rule 3
with effects as (
    select * from piece_price_bridge
    where from_id = $reference and from_period = to_period
),

prices as (
    select
        store_id,
        value,
    from metrics
    where metric = 'piece_price'
),

final as (
    select
        effects.to_id as store_id,
        effects.from_id as reference_id,
        effects.position,
        effects.factor,
        effects.effect as price_effect,
        effects.lo,
        effects.hi,
        reference_prices.value as reference_price,
        store_prices.value as store_price,
        scope_stores.position as store_position,
    from effects
    inner join scope_stores on effects.to_id = scope_stores.store_id
    inner join prices as reference_prices on effects.from_id = reference_prices.store_id
    inner join prices as store_prices on effects.to_id = store_prices.store_id
)

select * exclude (store_position) from final
order by store_position, position
