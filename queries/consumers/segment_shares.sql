-- purpose: what part of each store's orders falls on each segment, against all stores; of a set of
--   two segments the smaller one says it all, of many the largest eight are shown
-- grain: segment_set, segment, store_id
-- inputs: segments, declared_sets, claimed_pairs
-- params: none
-- outputs:
--   segment_set varchar, the set
--   is_need boolean, false = the store itself produces it: behaviour, never need
--   segment varchar, the segment
--   store_id varchar, the store
--   share double, part of its orders
--   lo double, lower end of the 95% interval
--   hi double, upper end of the 95% interval
--   overall_share double, the same of all stores together
--   p_adjusted double, of the difference to all stores, adjusted over all sets, stores and segments
--   coverage double, part of the store's orders that is in a segment of the set
--   n bigint, these orders
--   outcome varchar, of the difference to all stores
--   outcome_reason varchar, why the difference is not known
--   is_shown boolean, whether a matrix has room for the store
-- source: METHODS 6 "Need segments"
with told as (
    select * from segments
    where segment is not null
),

usual as (
    select
        segment_set,
        segment,
        max(overall_share) as overall_share,
        count(*) over (partition by segment_set) as segments,
        row_number() over (
            partition by segment_set
            order by max(overall_share) desc, segment asc
        ) as place,
    from told
    group by segment_set, segment
),

final as (
    select
        told.segment_set,
        told.is_need,
        told.segment,
        told.store_id,
        told.share,
        told.lo,
        told.hi,
        told.overall_share,
        told.p_adjusted,
        told.coverage,
        told.n,
        told.outcome,
        told.outcome_reason,
        claimed_pairs.is_shown,
        declared_sets.position as set_position,
        usual.place,
        claimed_pairs.position,
    from told
    inner join usual
        on told.segment_set = usual.segment_set and told.segment = usual.segment
    inner join declared_sets on told.segment_set = declared_sets.segment_set
    inner join claimed_pairs on told.store_id = claimed_pairs.store_id
    where usual.place <= 8 and (usual.segments > 2 or usual.place = usual.segments)
)

select * exclude (set_position, place, position) from final
order by set_position, place, position
