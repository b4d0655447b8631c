-- purpose: how sales of each store and of all moved from the period before to this one
-- grain: store_id
-- inputs: variance, scope_stores
-- params: none
-- outputs:
--   store_id varchar, a store, or all
--   base varchar, previous, else against, aligned or year_before
--   baseline double, sales of the base
--   actual double, sales of the period
--   relative double, actual / baseline - 1
--   relative_lo double, lower end of the 95% interval
--   relative_hi double, upper end of the 95% interval
--   outcome varchar, what may be said
-- source: METHODS 10
with known as (
    select *
    from variance
    where metric = 'sales' and relative is not null
    qualify
        list_position(['previous', 'against', 'aligned', 'year_before'], base)
        = min(list_position(['previous', 'against', 'aligned', 'year_before'], base)) over ()
),

final as (
    select
        known.store_id,
        known.base,
        known.baseline,
        known.actual,
        known.relative,
        known.relative_lo,
        known.relative_hi,
        known.outcome,
        scope_stores.position,
    from known
    left join scope_stores on known.store_id = scope_stores.store_id
    where known.store_id <> 'like_for_like'
)

select * exclude (position) from final
order by store_id = 'all' desc, position asc nulls last, store_id asc
