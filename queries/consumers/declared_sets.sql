-- purpose: the ways to divide demand, built in and of the toml, in their order
-- grain: segment_set
-- inputs: segment_sets
-- params: none
-- outputs:
--   segment_set varchar, the set
--   is_need boolean, false = the store itself produces it: behaviour, never need
--   position bigint, place of the set
-- source: METHODS 6 "Need segments"
with final as (
    select
        segment_set,
        bool_and(is_need) as is_need,
        min(position) as position,
    from segment_sets
    group by segment_set
)

select * from final
order by position, segment_set
