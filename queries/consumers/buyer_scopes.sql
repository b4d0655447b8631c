-- purpose: where the buyer ids of each store mean the same people
-- grain: store_id
-- inputs: stores
-- params: none
-- outputs:
--   store_id varchar, the store, also where groups are compared
--   scope varchar, its buyer_id_scope; default: the platform
-- source: DATA stores.buyer_id_scope
with final as (
    select
        store_id,
        coalesce(buyer_id_scope, platform) as scope,
    from stores
)

select * from final
order by store_id
