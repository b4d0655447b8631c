-- purpose: two different quantities on each opening: what its buyers had done before, a
--   description, and what other stores lost to it, an estimate; of the longest horizon that is told
-- grain: store_id, method, position
-- inputs: openings, scope_stores
-- params: none
-- outputs:
--   store_id varchar, the store that opened
--   method varchar, history = described, panel = estimated
--   position bigint, the order of the rows
--   habit varchar, brand_new, kept, stopped or lost, null = not known
--   from_store varchar, the other store, null = none
--   share double, part of the new store's sales
--   lo double, lower end of its 95% interval; a description has none
--   hi double, upper end of its 95% interval
--   n bigint, buyers of a description, order lines of an estimate
--   weeks bigint, weeks it rests on
--   outcome varchar, whether the estimate differs from nothing
--   outcome_reason varchar, why something is not known
-- source: METHODS 8
with told as (
    select openings.*
    from openings
    inner join scope_stores on openings.store_id = scope_stores.store_id
    where openings.category = 'all' and openings.price_tier = 'all'
),

horizons as (
    select
        store_id,
        method,
        min(case when horizon = 'long' then 1 else 2 end) as longest,
    from told
    where share is not null
    group by store_id, method
),

longest as (
    select
        told.*,
        case
            when told.method = 'panel' and told.from_store is not null then 'lost'
            else split_part(told.from_store, ':', 1)
        end as habit,
        case
            when told.method = 'panel' then told.from_store
            else nullif(substr(told.from_store, strpos(told.from_store || ':', ':') + 1), '')
        end as other,
    from told
    left join horizons on told.store_id = horizons.store_id and told.method = horizons.method
    where
        told.horizon = 'all'
        or told.horizon = case when horizons.longest = 1 then 'long' else 'short' end
),

ranked as (
    select
        longest.*,
        row_number() over (
            partition by longest.store_id, longest.method
            order by
                case longest.habit when 'brand_new' then 1 else 2 end asc,
                case when longest.method = 'history' then places.position end asc nulls last,
                case when longest.method = 'history' then longest.habit end asc,
                longest.share desc nulls last,
                longest.other asc
        ) as place,
    from longest
    left join scope_stores as places on longest.other = places.store_id
),

final as (
    select
        store_id,
        method,
        cast(place as bigint) as position,
        habit,
        other as from_store,
        share,
        lo,
        hi,
        n,
        weeks,
        outcome,
        outcome_reason,
    from ranked
)

select * from final
order by store_id, method, position
