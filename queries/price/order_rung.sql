-- purpose: the rung of the price order: one piece on the shelf, unless a store has prices on the
--   realised rung alone; of a group every store counts
-- grain: rung
-- inputs: member_sku_weeks, member_shelf_weeks
-- params: none
-- outputs:
--   rung varchar, one_piece or realised
-- source: METHODS 2 "Price order"
with sold as (
    select store_id
    from member_sku_weeks
    where paid_amount > 0 and units > 0
    group by store_id
),

seen as (
    select store_id
    from member_shelf_weeks
    where one_piece_price > 0
    group by store_id
),

priced as (
    select
        coalesce(seen.store_id, sold.store_id) as store_id,
        seen.store_id is not null as is_seen,
    from seen
    full outer join sold on seen.store_id = sold.store_id
),

final as (
    select case when bool_and(is_seen) then 'one_piece' else 'realised' end as rung
    from priced
)

select * from final
order by rung
