-- purpose: buyers by the stores they bought in, in the period and in the year before it, and by how
--   often; a set of stores is the sum of their bits
-- grain: circle, buyer_group, bought, bought_before, orders
-- inputs: buyer_orders, store_numbers, store_bits
-- params: history_first date, first date, last date
-- outputs:
--   circle bigint, stores whose buyer ids mean the same people, as in store_bits
--   buyer_group varchar, one of 64 groups, by md5 of the buyer
--   bought bigint, bits of the stores bought in within the period
--   bought_before bigint, bits of those bought in before it from $history_first on; 0 = none
--   orders bigint, orders of the buyer in the scope within the period
--   buyers bigint, known buyers of the period with this pattern
-- source: METHODS 6, rules 5 and 6
with bits as (
    select
        store_numbers.store_number,
        cast(store_bits.circle as smallint) as circle,
        store_bits.bit,
    from store_bits
    inner join store_numbers on store_bits.store_id = store_numbers.store_id
),

dated as (
    select
        store_number,
        buyer,
        group_number,
        cast(ordered_at as date) as day,
    from buyer_orders
    where
        buyer is not null
        and cast(ordered_at as date) >= $history_first
        and cast(ordered_at as date) <= $last
),

buyers as (
    select
        bits.circle,
        dated.buyer,
        min(dated.group_number) as group_number,
        bit_or(case when dated.day >= $first then bits.bit else 0 end) as bought,
        bit_or(case when dated.day < $first then bits.bit else 0 end) as bought_before,
        count(case when dated.day >= $first then 1 end) as orders,
    from dated
    inner join bits on dated.store_number = bits.store_number
    group by bits.circle, dated.buyer
),

counted as (
    select
        circle,
        group_number,
        bought,
        bought_before,
        orders,
        count(*) as buyers,
    from buyers
    where orders > 0
    group by circle, group_number, bought, bought_before, orders
),

grouped as (
    select
        *,
        substr(
            '0123456789abcdef',
            cast(round((group_number - group_number % 4) / 4) as bigint) + 1,
            1
        ) || substr('abcd', group_number % 4 + 1, 1) as buyer_group,
    from counted
),

final as (
    select
        cast(circle as bigint) as circle,
        buyer_group,
        bought,
        bought_before,
        cast(orders as bigint) as orders,
        cast(sum(buyers) as bigint) as buyers,
    from grouped
    group by circle, buyer_group, bought, bought_before, orders
)

select * from final
order by circle, buyer_group, bought, bought_before, orders
