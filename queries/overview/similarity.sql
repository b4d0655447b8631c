-- purpose: how alike every two stores are over the dimensions that can be told
-- grain: store_a, store_b
-- inputs: pairs, claimed_pairs, dimension_weights
-- params: none
-- outputs:
--   store_a varchar, the store whose id comes first
--   store_b varchar, the other store
--   similarity double, 1 - mean distance with the map's weights; null = under two dimensions told
--   dimensions bigint, how many dimensions can be told
--   differs bigint, in how many of them the two differ
--   same bigint, in how many of them the two are the same
--   supported boolean, one dimension differs or all are the same; null = too few can be told
--   is_shown boolean, whether a matrix has room for both stores
-- source: METHODS 7, REPORT 3 "How alike?"
with told as (
    select
        pairs.store_a,
        pairs.store_b,
        pairs.outcome,
        case when pairs.outcome <> 'not_identifiable' then pairs.distance end as distance,
        dimension_weights.weight,
    from pairs
    inner join dimension_weights on pairs.dimension = dimension_weights.dimension
    where dimension_weights.weight > 0
),

counted as (
    select
        store_a,
        store_b,
        count(distance) as dimensions,
        count(distance) filter (where outcome = 'differs') as differs,
        count(distance) filter (where outcome = 'same') as same,
        sum(distance * weight)
        / nullif(sum(case when distance is not null then weight end), 0) as mean_distance,
    from told
    group by store_a, store_b
),

final as (
    select
        counted.store_a,
        counted.store_b,
        -- one dimension alone is no picture of two stores
        case when counted.dimensions >= 2 then 1 - counted.mean_distance end as similarity,
        cast(counted.dimensions as bigint) as dimensions,
        cast(counted.differs as bigint) as differs,
        cast(counted.same as bigint) as same,
        case
            when counted.dimensions >= 2
                then counted.differs >= 1 or counted.same = counted.dimensions
        end as supported,
        shown_a.is_shown and shown_b.is_shown as is_shown,
        shown_a.position as position_a,
        shown_b.position as position_b,
    from counted
    inner join claimed_pairs as shown_a on counted.store_a = shown_a.store_id
    inner join claimed_pairs as shown_b on counted.store_b = shown_b.store_id
)

select * exclude (position_a, position_b) from final
order by least(position_a, position_b), greatest(position_a, position_b)
