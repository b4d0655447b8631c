-- purpose: visitors who put something into the cart, by traffic source, against the reference:
--   better sources or better rates within them
-- grain: store_id, source
-- inputs: traffic, scope_stores
-- params: first date, last date, reference varchar
-- outputs:
--   store_id varchar, the store
--   source varchar, traffic source
--   visitor_days bigint, visitor-days from the source
--   visitor_share double, share of the store's visitor-days
--   cart_rate double, cart visitors / visitors of the source, null = not known
--   reference_cart_rate double, the same in the reference, null = it has no such source
--   mix_effect double, part of the difference in the overall cart rate due to the source's share
--   rate_effect double, part due to the cart rate within it; null = the reference has no traffic
-- source: METHODS 4 "Conversion by traffic source: rate against mix"; orders carry no source, so
--   the cart is the step that can be told; a rate missing on one side is taken from the other; a
--   total beside its sources is left out; without any cart visitors there is nothing to show
with visits as (
    select
        store_id,
        source,
        sum(visitors) as visitor_days,
        sum(case when cart_visitors is not null then visitors end) as cart_base,
        sum(cart_visitors) as cart_visitors,
    from traffic
    where date between $first and $last
    group by store_id, source
),

scoped as (
    select
        visits.*,
        scope_stores.position,
        count(*) over (partition by visits.store_id) as sources,
        count(visits.cart_visitors) over () as known_carts,
    from visits
    inner join scope_stores on visits.store_id = scope_stores.store_id
),

rated as (
    select
        store_id,
        position,
        source,
        visitor_days,
        visitor_days / nullif(sum(visitor_days) over (partition by store_id), 0) as visitor_share,
        cart_visitors / nullif(cart_base, 0) as cart_rate,
    from scoped
    where known_carts > 0 and (source <> 'all' or sources = 1)
),

sources as (
    select distinct source from rated
),

stores as (
    select distinct
        store_id,
        position,
    from rated
),

reference_stores as (
    select store_id from stores
    where store_id = $reference
),

grid as (
    select
        stores.store_id,
        stores.position,
        sources.source,
        coalesce(own.visitor_days, 0) as visitor_days,
        coalesce(own.visitor_share, 0) as visitor_share,
        own.cart_rate,
        case when reference_stores.store_id is not null then coalesce(base.visitor_share, 0) end
            as reference_share,
        base.cart_rate as reference_cart_rate,
    from stores
    cross join sources
    left join reference_stores on reference_stores.store_id = $reference
    left join rated as own
        on stores.store_id = own.store_id and sources.source = own.source
    left join rated as base
        on base.store_id = $reference and sources.source = base.source
),

final as (
    select
        store_id,
        source,
        cast(visitor_days as bigint) as visitor_days,
        visitor_share,
        cart_rate,
        reference_cart_rate,
        (visitor_share - reference_share)
        * (
            coalesce(cart_rate, reference_cart_rate)
            + coalesce(reference_cart_rate, cart_rate)
        ) / 2 as mix_effect,
        (visitor_share + reference_share) / 2
        * (
            coalesce(cart_rate, reference_cart_rate)
            - coalesce(reference_cart_rate, cart_rate)
        ) as rate_effect,
        position,
    from grid
)

select * exclude (position) from final
order by position, source
