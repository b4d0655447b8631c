-- purpose: what of each store's sales at list price is left on the way to the contribution
-- grain: store_id, position
-- inputs: pocket_waterfall, scope_stores
-- params: none
-- outputs:
--   store_id varchar, the store
--   position bigint, order of the steps of the store
--   step varchar, a total, or what is added to the one before
--   is_total boolean, whether the amount is a total
--   amount decimal(18,2), money, signed; null = not known
--   share_of_list double, amount / sales at list price
--   outcome_reason varchar, why the amount is not known
-- source: METHODS 2 "Rungs", rule 3
with rungs as (
    select * from pocket_waterfall
),

final as (
    select
        rungs.store_id,
        rungs.position,
        rungs.step,
        rungs.is_total,
        rungs.amount,
        rungs.share_of_list,
        rungs.outcome_reason,
        scope_stores.position as store_position,
    from rungs
    inner join scope_stores on rungs.store_id = scope_stores.store_id
)

select * exclude (store_position) from final
order by store_position, position
