-- purpose: the stores that may sell in certain regions only
-- grain: store_id
-- inputs: stores
-- params: none
-- outputs:
--   store_id varchar, the store; of a group, its members
-- source: DATA stores.regions
with final as (
    select store_id
    from stores
    where trim(regions) <> ''
)

select * from final
order by store_id
