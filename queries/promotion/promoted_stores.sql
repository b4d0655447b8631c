-- purpose: the stores with a promotion in the period
-- grain: store_id
-- inputs: promotions
-- params: first date, last date
-- outputs:
--   store_id varchar, the store
-- source: METHODS 3 "Rule engine"
with final as (
    select distinct store_id
    from promotions
    where cast(starts_at as date) <= $last and cast(ends_at as date) >= $first
)

select * from final
order by store_id
