-- purpose: orders of each store by segment of every set and by group of buyers: the built-in sets
--   and those of the toml, which stand in the place of one of the same name
-- grain: segment_set, store_id, buyer_group, segment
-- inputs: need_groups, segment_groups, segment_sets
-- params: none
-- outputs:
--   segment_set varchar, the set
--   is_need boolean, false = the store itself produces it: behaviour, never need
--   store_id varchar, the store
--   buyer_group varchar, one of 64 groups of buyers
--   segment varchar, the segment, null = not known, or in none
--   orders bigint, orders of the period
--   position bigint, place of the set
-- source: METHODS 6 "Need segments", rule 5
with sets as (
    select
        segment_set,
        bool_and(is_need) as is_need,
        min(position) as position,
        bool_or(by_column is not null) as is_own,
    from segment_sets
    group by segment_set
),

needs as (
    select * from need_groups
),

built_in as (
    select
        'category' as segment_set,
        store_id,
        buyer_group,
        category as segment,
        orders,
    from needs
    union all
    select
        'price_tier' as segment_set,
        store_id,
        buyer_group,
        nullif(price_tier, 'all') as segment,
        orders,
    from needs
    union all
    select
        'basket_use' as segment_set,
        store_id,
        buyer_group,
        basket_use as segment,
        orders,
    from needs
    union all
    select
        'brand_history' as segment_set,
        store_id,
        buyer_group,
        brand_history as segment,
        orders,
    from needs
    union all
    select
        'promotion' as segment_set,
        store_id,
        buyer_group,
        promotion as segment,
        orders,
    from needs
),

-- what stands for a product's need is in its orders already; the other two are replaced here
dealt as (
    select built_in.*
    from built_in
    inner join sets on built_in.segment_set = sets.segment_set
    where built_in.segment_set not in ('brand_history', 'promotion') or not sets.is_own
    union all
    select
        segment_set,
        store_id,
        buyer_group,
        segment,
        orders,
    from segment_groups
    where segment_set not in ('category', 'price_tier', 'basket_use')
),

final as (
    select
        dealt.segment_set,
        sets.is_need,
        dealt.store_id,
        dealt.buyer_group,
        dealt.segment,
        cast(sum(dealt.orders) as bigint) as orders,
        sets.position,
    from dealt
    inner join sets on dealt.segment_set = sets.segment_set
    group by
        dealt.segment_set,
        sets.is_need,
        dealt.store_id,
        dealt.buyer_group,
        dealt.segment,
        sets.position
)

select * from final
order by position, segment_set, store_id, buyer_group, segment
