-- purpose: every two stores dimension by dimension, with the verdict on the pair
-- grain: store_a, store_b, dimension
-- inputs: pairs, verdicts, claimed_pairs
-- params: none
-- outputs:
--   store_a varchar, the store whose id comes first
--   store_b varchar, the other store
--   verdict varchar, the verdict on the pair
--   reason varchar, catalogue key of why
--   evidence varchar, what the verdict rests on: ids of metrics or dimensions
--   missing varchar, dimensions that cannot be told
--   dimension varchar, the dimension
--   distance double, how far apart the two are in it, 0 to 1, null = cannot be told
--   lo double, lower end of the 95% interval
--   hi double, upper end of the 95% interval
--   null_mean double, what two halves of one store would show
--   p_adjusted double, adjusted over dimensions and pairs
--   outcome varchar, what may be said
--   outcome_reason varchar, why it cannot be told
--   n bigint, how many cases it rests on
--   is_shown boolean, whether a matrix has room for both stores
-- source: METHODS 7
with final as (
    select
        pairs.store_a,
        pairs.store_b,
        verdicts.verdict,
        verdicts.reason,
        verdicts.evidence,
        verdicts.missing,
        pairs.dimension,
        pairs.distance,
        pairs.lo,
        pairs.hi,
        pairs.null_mean,
        pairs.p_adjusted,
        pairs.outcome,
        pairs.outcome_reason,
        pairs.n,
        shown_a.is_shown and shown_b.is_shown as is_shown,
        coalesce(verdicts.verdict, 'unclear') in ('unclear', 'not_identifiable') as is_open,
        shown_a.position as position_a,
        shown_b.position as position_b,
        case pairs.dimension
            when 'product' then 1
            when 'price' then 2
            when 'promotion' then 3
            when 'sales' then 4
            when 'service' then 5
            else 6
        end as dimension_position,
    from pairs
    inner join claimed_pairs as shown_a on pairs.store_a = shown_a.store_id
    inner join claimed_pairs as shown_b on pairs.store_b = shown_b.store_id
    left join verdicts on pairs.store_a = verdicts.store_a and pairs.store_b = verdicts.store_b
)

select * exclude (is_open, position_a, position_b, dimension_position) from final
order by
    is_open,
    least(position_a, position_b),
    greatest(position_a, position_b),
    dimension_position,
    dimension
