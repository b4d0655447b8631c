-- purpose: a small whole number for every store and scope: numbers are compared faster than text
-- grain: store_id
-- inputs: stores
-- params: none
-- outputs:
--   store_id varchar, the store
--   store_number smallint, its place among all stores by name
--   scope varchar, where buyer ids mean the same people; default: the platform
--   scope_number smallint, the place of the scope among all
-- source: METHODS 6
with scoped as (
    select
        store_id,
        coalesce(buyer_id_scope, platform) as scope,
    from stores
),

final as (
    select
        store_id,
        cast(row_number() over (order by store_id) as smallint) as store_number,
        scope,
        case
            when scope is not null
                -- portable: ok(windows) stores of one scope have one number
                then cast(dense_rank() over (order by scope nulls last) as smallint)
        end as scope_number,
    from scoped
)

select * from final
order by store_id
