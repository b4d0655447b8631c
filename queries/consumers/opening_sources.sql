-- purpose: sales of a new store's first weeks by where its buyers had bought before
-- grain: opened_id, horizon, source
-- inputs: opening_buyers
-- params: none
-- outputs:
--   opened_id varchar, the store that opened
--   horizon varchar, short or long
--   source varchar, brand_new, kept:<store>, stopped:<store>, unknown = the buyer is not known
--   orders bigint, orders at the new store
--   buyers bigint, their known buyers
--   amount double, what they paid
--   share double, that of what all known buyers paid; null = the buyer is not known
-- source: METHODS 8 (a)
with counted as (
    select * from opening_buyers
),

horizons as (
    select
        opened_id,
        'short' as horizon,
        habit,
        from_store,
        orders_short as orders,
        buyers_short as buyers,
        paid_short as amount,
    from counted
    union all
    select
        opened_id,
        'long' as horizon,
        habit,
        from_store,
        orders_long as orders,
        buyers_long as buyers,
        paid_long as amount,
    from counted
),

named as (
    select
        opened_id,
        horizon,
        habit || coalesce(':' || from_store, '') as source,
        habit <> 'unknown' as is_known,
        orders,
        buyers,
        cast(amount as double) as amount,
    from horizons
    where orders > 0
),

totals as (
    select
        *,
        sum(case when is_known then amount end)
            over (partition by opened_id, horizon) as known_amount,
    from named
),

final as (
    select
        opened_id,
        horizon,
        source,
        orders,
        buyers,
        amount,
        case when is_known then amount / nullif(known_amount, 0) end as share,
    from totals
)

select * from final
order by opened_id, horizon, source
