-- purpose: how many of a store's pairs have a verdict that claims something: which stores a matrix
--   of pairs shows when it cannot show all
-- grain: store_id
-- inputs: verdicts, scope_stores
-- params: none
-- outputs:
--   store_id varchar, the store
--   position bigint, its place in the report
--   claimed bigint, its pairs whose verdict is neither unclear nor not_identifiable
--   rank bigint, 1 = most claimed pairs, ties in report order
--   is_shown boolean, whether it is among the twelve that a matrix has room for
-- source: METHODS 7, REPORT 12 "30+ stores"
with sides as (
    select
        store_a as store_id,
        verdict,
    from verdicts
    union all
    select
        store_b as store_id,
        verdict,
    from verdicts
),

counted as (
    select
        scope_stores.store_id,
        scope_stores.position,
        count(*) filter (
            where sides.verdict not in ('unclear', 'not_identifiable')
        ) as claimed,
    from scope_stores
    left join sides on scope_stores.store_id = sides.store_id
    group by scope_stores.store_id, scope_stores.position
),

ranked as (
    select
        store_id,
        position,
        claimed,
        row_number() over (order by claimed desc, position asc) as place,
    from counted
),

final as (
    select
        store_id,
        cast(position as bigint) as position,
        cast(claimed as bigint) as claimed,
        cast(place as bigint) as rank,
        place <= 12 as is_shown,
    from ranked
)

select * from final
order by position
