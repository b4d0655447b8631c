-- purpose: the mechanisms each store runs in the period, by its promotions or by the discounts of
--   its order lines
-- grain: store_id, mechanism
-- inputs: promotions, mechanism_totals, scope_stores
-- params: first date, last date
-- outputs:
--   store_id varchar, the store
--   mechanism varchar, mechanism code
--   is_announced boolean, promotions say when and on what
-- source: METHODS 3 "Lift"
with stated as (
    select distinct
        store_id,
        mechanism,
    from promotions
    where cast(starts_at as date) <= $last and cast(ends_at as date) >= $first
),

given as (
    select distinct
        store_id,
        mechanism,
    from mechanism_totals
    where discount_amount > 0 and mechanism not in ('none', 'unexplained')
),

final as (
    select
        coalesce(stated.store_id, given.store_id) as store_id,
        coalesce(stated.mechanism, given.mechanism) as mechanism,
        stated.store_id is not null as is_announced,
        scope_stores.position,
    from stated
    full outer join given
        on stated.store_id = given.store_id and stated.mechanism = given.mechanism
    inner join scope_stores
        on coalesce(stated.store_id, given.store_id) = scope_stores.store_id
)

select * exclude (position) from final
order by position, mechanism
