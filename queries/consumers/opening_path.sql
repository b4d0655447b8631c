-- purpose: what the two stores that lost most to an opening lost of their sales, four weeks by
--   four, before it and in its first 26 weeks
-- grain: store_id, from_store, first_week
-- inputs: opening_weeks, openings, scope_stores
-- params: none
-- outputs:
--   store_id varchar, the store that opened
--   from_store varchar, the store that lost
--   first_week bigint, first of four weeks, counted from the opening
--   share double, lost, of what the new store sells in four weeks
--   lo double, lower end of its 95% interval
--   hi double, upper end of its 95% interval
-- source: METHODS 8 (b) "placebo dates"
with told as (
    select
        openings.store_id,
        openings.from_store,
        row_number() over (
            partition by openings.store_id order by openings.share desc, openings.from_store asc
        ) as place,
    from openings
    inner join scope_stores on openings.store_id = scope_stores.store_id
    where
        openings.method = 'panel'
        and openings.horizon = 'long'
        and openings.category = 'all'
        and openings.price_tier = 'all'
        and openings.share is not null
),

final as (
    select
        opening_weeks.store_id,
        opening_weeks.from_store,
        opening_weeks.first_week,
        opening_weeks.share,
        opening_weeks.lo,
        opening_weeks.hi,
    from opening_weeks
    inner join told
        on
            opening_weeks.store_id = told.store_id
            and opening_weeks.from_store = told.from_store
    where told.place <= 2 and opening_weeks.first_week < 26
)

select * from final
order by store_id, from_store, first_week
