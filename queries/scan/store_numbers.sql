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

scopes as (
    select distinct scope from scoped
),

numbered_scopes as (
    select
        scope,
        -- portable: ok(windows) each scope is one row
        row_number() over (order by scope) as scope_number,
    from scopes
),

numbered as (
    select
        store_id,
        scope,
        row_number() over (order by store_id) as store_number,
    from scoped
),

final as (
    select
        numbered.store_id,
        cast(numbered.store_number as smallint) as store_number,
        numbered.scope,
        cast(numbered_scopes.scope_number as smallint) as scope_number,
    from numbered
    left join numbered_scopes on numbered.scope = numbered_scopes.scope
)

select * from final
order by store_id
