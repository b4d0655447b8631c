-- purpose: buyers by the stores they bought in, in the period and in the year before it, and by how
--   often; stores stand together as joined names, in which % is written %25 and + is written %2B
-- grain: scope, buyer_group, stores, stores_before, orders
-- inputs: order_lines, stores
-- params: history_first date, first date, last date
-- outputs:
--   scope varchar, where buyer ids mean the same people; default: the platform
--   buyer_group varchar, one of 64 groups, by md5 of the buyer
--   stores varchar, stores bought in within the period, sorted and joined by +
--   stores_before varchar, stores bought in before it from $history_first on; empty = none
--   orders bigint, orders of the buyer in the scope within the period
--   buyers bigint, known buyers of the period with this pattern
-- source: METHODS 6, rules 5 and 6
with lines as (
    select
        store_id,
        order_id,
        buyer_id,
        cast(ordered_at as date) as day,
    from order_lines
    where
        not coalesce(is_excluded, false)
        and cast(ordered_at as date) >= $history_first
        and cast(ordered_at as date) <= $last
),

orders as (
    select
        store_id,
        min(buyer_id) as buyer_id,
        min(day) as day,
    from lines
    group by store_id, order_id
    having min(buyer_id) is not null
),

visits as (
    select
        store_id,
        buyer_id,
        count(case when day >= $first then 1 end) as orders,
        min(day) as first_day,
    from orders
    group by store_id, buyer_id
),

names as (
    select
        store_id,
        coalesce(buyer_id_scope, platform) as scope,
        replace(replace(store_id, '%', '%25'), '+', '%2B') as name,
    from stores
),

-- the name of a store where it was bought in, in the period and before it
scoped as (
    select
        names.scope,
        visits.buyer_id,
        visits.orders,
        case when visits.orders > 0 then names.name end as bought,
        case when visits.first_day < $first then names.name end as bought_before,
    from visits
    inner join names on visits.store_id = names.store_id
),

buyers as (
    select
        scope,
        buyer_id,
        sum(orders) as orders,
        count(bought) as stores_count,
        min(bought) as first_name,
        max(bought) as last_name,
        count(bought_before) as before_count,
        min(bought_before) as first_before,
        max(bought_before) as last_before,
    from scoped
    group by scope, buyer_id
    having max(orders) > 0
),

-- sorted text is dear: two names are sorted by min and max, and few buyers have more
many as (
    select
        scoped.scope,
        scoped.buyer_id,
        string_agg(scoped.bought, '+' order by scoped.bought) as bought,
        string_agg(scoped.bought_before, '+' order by scoped.bought_before) as bought_before,
    from scoped
    inner join buyers
        on scoped.scope = buyers.scope and scoped.buyer_id = buyers.buyer_id
    where buyers.stores_count > 2 or buyers.before_count > 2
    group by scoped.scope, scoped.buyer_id
),

patterns as (
    select
        buyers.scope,
        md5(buyers.buyer_id) as digest,
        case
            when buyers.stores_count > 2 then many.bought
            when buyers.stores_count = 2 then buyers.first_name || '+' || buyers.last_name
            else buyers.first_name
        end as stores,
        case
            when buyers.before_count > 2 then many.bought_before
            when buyers.before_count = 2 then buyers.first_before || '+' || buyers.last_before
            else coalesce(buyers.first_before, '')
        end as stores_before,
        buyers.orders,
    from buyers
    left join many
        on buyers.scope = many.scope and buyers.buyer_id = many.buyer_id
),

grouped as (
    select
        *,
        substr(digest, 1, 1) || case
            when substr(digest, 2, 1) < '4' then 'a'
            when substr(digest, 2, 1) < '8' then 'b'
            when substr(digest, 2, 1) < 'c' then 'c'
            else 'd'
        end as buyer_group,
    from patterns
),

final as (
    select
        scope,
        buyer_group,
        stores,
        stores_before,
        cast(orders as bigint) as orders,
        cast(count(*) as bigint) as buyers,
    from grouped
    group by scope, buyer_group, stores, stores_before, orders
)

select * from final
order by scope, buyer_group, stores, stores_before, orders
