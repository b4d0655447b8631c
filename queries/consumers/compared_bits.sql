-- purpose: which bits of sets of stores stand for each compared store, or group of stores
-- grain: circle, store_id
-- inputs: store_bits
-- params: none
-- outputs:
--   circle bigint, stores whose buyer ids mean the same people
--   scope varchar, the name of their ids: buyer_id_scope or the platform
--   store_id varchar, the compared store; a group has the bits of its members
--   bits bigint, its bits as one number
-- source: METHODS 6 "Overlap"
with bits as (
    select * from store_bits
),

final as (
    select
        circle,
        scope,
        store_id,
        bit_or(bit) as bits,
    from bits
    group by circle, scope, store_id
)

select * from final
order by circle, store_id
