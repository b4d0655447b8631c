-- purpose: what consumers paid in each store in the period
-- grain: store_id
-- inputs: sku_weeks
-- params: none
-- outputs:
--   store_id varchar, the store
--   paid double, what consumers paid
-- source: METHODS 2 "A link needs"
with sold as (
    select * from sku_weeks
),

final as (
    select
        store_id,
        sum(cast(paid_amount as double)) as paid,
    from sold
    group by store_id
)

select * from final
order by store_id
