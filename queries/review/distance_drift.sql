-- purpose: stores that surely became more alike or more different, and the nearest to it
-- grain: store_a, store_b, dimension
-- inputs: drift
-- params: none
-- outputs:
--   store_a varchar, one store
--   store_b varchar, the other
--   dimension varchar, in what
--   base varchar, since when
--   distance_before double, 0 alike, 1 nothing in common
--   distance double, the same now
--   change double, distance - distance_before
--   lo double, lower end of the 95% interval
--   hi double, upper end of the 95% interval
--   direction varchar, alike or apart
--   outcome varchar, what may be said
--   p_adjusted double, adjusted for how many are tested
--   pairs bigint, pairs and dimensions of which it can be told
-- source: METHODS 10
with final as (
    select
        store_a,
        store_b,
        dimension,
        base,
        distance_before,
        distance,
        change,
        lo,
        hi,
        direction,
        outcome,
        p_adjusted,
        count(*) over () as pairs,
        row_number() over (
            order by outcome = 'differs' desc, p_value asc, store_a asc, store_b asc, dimension asc
        ) as place,
    from drift
    where outcome <> 'not_identifiable' and change is not null
    qualify max(outcome = 'differs') over () and place <= 12
)

select * exclude (place) from final
order by outcome = 'differs' desc, change asc, place asc
