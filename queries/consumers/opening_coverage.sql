-- purpose: how many orders name their buyer in the stores that share buyer ids with a store that
--   opened, before it opened and since
-- grain: opened_id
-- inputs: member_store_days, opened_stores, buyer_scopes
-- params: none
-- outputs:
--   opened_id varchar, the store that opened
--   orders_before bigint, orders of the other stores before the opening, null = there are none
--   known_before bigint, the part of them whose buyer is known
--   orders_since bigint, their orders since, null = there are none
--   known_since bigint, the part of them whose buyer is known
-- source: METHODS 6 "id coverage"
with days as (
    select * from member_store_days
),

scoped as (
    select
        opened_stores.opened_id,
        opened_stores.opened_on,
        buyer_scopes.scope,
    from opened_stores
    inner join buyer_scopes on opened_stores.opened_id = buyer_scopes.store_id
),

others as (
    select
        scoped.opened_id,
        scoped.opened_on,
        buyer_scopes.store_id,
    from scoped
    inner join buyer_scopes
        on scoped.scope = buyer_scopes.scope and scoped.opened_id <> buyer_scopes.store_id
),

placed as (
    select
        others.opened_id,
        days.day < others.opened_on as is_before,
        days.orders,
        days.known_orders,
    from others
    inner join days on others.store_id = days.store_id
),

summed as (
    select
        opened_id,
        sum(case when is_before then orders end) as orders_before,
        sum(case when is_before then known_orders end) as known_before,
        sum(case when not is_before then orders end) as orders_since,
        sum(case when not is_before then known_orders end) as known_since,
    from placed
    group by opened_id
),

final as (
    select
        opened_stores.opened_id,
        cast(summed.orders_before as bigint) as orders_before,
        cast(summed.known_before as bigint) as known_before,
        cast(summed.orders_since as bigint) as orders_since,
        cast(summed.known_since as bigint) as known_since,
    from opened_stores
    left join summed on opened_stores.opened_id = summed.opened_id
)

select * from final
order by opened_id
