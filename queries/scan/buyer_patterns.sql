-- purpose: buyers by the stores they bought in, in the period and in the year before it, and by how
--   often; a set of stores is the sum of their bits
-- grain: circle, buyer_group, bought, bought_before, orders
-- inputs: order_lines, store_bits
-- params: history_first date, first date, last date
-- outputs:
--   circle bigint, stores whose buyer ids mean the same people, as in store_bits
--   buyer_group varchar, one of 64 groups, by md5 of the buyer
--   bought bigint, bits of the stores bought in within the period
--   bought_before bigint, bits of those bought in before it from $history_first on; 0 = none
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

bits as (
    select * from store_bits
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

buyers as (
    select
        bits.circle,
        orders.buyer_id,
        bit_or(case when orders.day >= $first then bits.bit else 0 end) as bought,
        bit_or(case when orders.day < $first then bits.bit else 0 end) as bought_before,
        count(case when orders.day >= $first then 1 end) as orders,
    from orders
    inner join bits on orders.store_id = bits.store_id
    group by bits.circle, orders.buyer_id
),

digests as (
    select
        circle,
        md5(buyer_id) as digest,
        bought,
        bought_before,
        orders,
    from buyers
    where orders > 0
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
    from digests
),

final as (
    select
        circle,
        buyer_group,
        bought,
        bought_before,
        cast(orders as bigint) as orders,
        cast(count(*) as bigint) as buyers,
    from grouped
    group by circle, buyer_group, bought, bought_before, orders
)

select * from final
order by circle, buyer_group, bought, bought_before, orders
