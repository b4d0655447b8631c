-- purpose: the promotions of every store in the last 13 weeks of the period, laid out in lanes so
--   that no two promotions of a store overlap in one lane; days are cut to these weeks
-- grain: promo_id
-- inputs: promotions, scope_stores
-- params: first date, last date
-- outputs:
--   store_id varchar, the store
--   promo_id varchar, the promotion
--   mechanism varchar, mechanism code
--   label varchar, as the shop prints it, null = not known
--   first_day date, first day within these weeks
--   last_day date, last day within these weeks
--   depth double, what it takes off as a share: a rate, or amount / threshold; null = not known
--   lane bigint, 1, 2, ... within the store
-- source: METHODS 3 "Calendar overlap"
with recursive shown as (
    select
        promotions.store_id,
        promotions.promo_id,
        promotions.mechanism,
        promotions.label,
        greatest(cast(promotions.starts_at as date), $first, $last - 90) as first_day,
        least(cast(promotions.ends_at as date), $last) as last_day,
        case
            when promotions.benefit_kind = 'rate' then promotions.benefit
            when promotions.benefit_kind = 'amount' and promotions.threshold_kind = 'amount'
                then promotions.benefit / nullif(promotions.threshold, 0)
        end as depth,
        scope_stores.position,
    from promotions
    inner join scope_stores on promotions.store_id = scope_stores.store_id
    where
        cast(promotions.starts_at as date) <= $last
        and cast(promotions.ends_at as date) >= greatest($first, $last - 90)
),

ordered as (
    select
        *,
        row_number() over (
            partition by store_id order by first_day asc, last_day desc, promo_id asc
        ) as turn,
    from shown
),

-- One promotion of each store a turn: into the first lane that is free, or into a new one.
-- `ends` holds the last day of what lies in each lane.
laned as (
    select
        promo_id,
        store_id,
        turn,
        cast(1 as bigint) as lane,
        [last_day] as ends,
    from ordered
    where turn = 1
    union all
    select
        promo_id,
        store_id,
        turn,
        lane,
        list_concat(
            list_slice(ends, 1, lane - 1), [last_day], list_slice(ends, lane + 1, len(ends))
        ) as ends,
    from (
        select
            *,
            cast(
                coalesce(
                    list_position(list_transform(ends, lambda e: e < first_day), true),
                    len(ends) + 1
                ) as bigint
            ) as lane,
        from (
            select
                ordered.promo_id,
                ordered.store_id,
                ordered.turn,
                ordered.first_day,
                ordered.last_day,
                laned.ends,
            from laned
            inner join ordered
                on laned.store_id = ordered.store_id and laned.turn + 1 = ordered.turn
        ) as next_turn
    ) as placed
),

final as (
    select
        ordered.store_id,
        ordered.promo_id,
        ordered.mechanism,
        ordered.label,
        ordered.first_day,
        ordered.last_day,
        ordered.depth,
        laned.lane,
        ordered.position,
    from ordered
    inner join laned on ordered.promo_id = laned.promo_id
)

select * exclude (position) from final
order by position, lane, first_day, promo_id
