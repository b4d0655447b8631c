-- purpose: buyers of each calendar quarter by where they bought in it, in the quarter before and
--   ever before, with what they paid in each store; and all orders, known buyers or not
-- grain: circle, quarter, buyer_group, bought, bought_last, bought_before, first_place, bit
-- inputs: order_lines, store_bits
-- params: first date, last date, add_platform boolean, less_refunds boolean
-- outputs:
--   circle bigint, stores whose buyer ids mean the same people, as in store_bits
--   quarter bigint, 4 x year + quarter from 1 to 4: the calendar quarter in which the orders began
--   buyer_group varchar, one of 64 groups by md5 of the buyer, null = no pattern (guests, long ago)
--   bought bigint, bits of the stores these buyers bought in within the quarter: a set is a sum
--   bought_last bigint, the same in the quarter before
--   bought_before bigint, the same in all quarters before; 0 = nowhere in the circle
--   first_place bigint, place of the store of their very first day if it lies in this quarter
--   bit bigint, the store of the orders; each store of `bought` has a row
--   buyers bigint, buyers of the pattern, the same in each of its rows; 0 where it has none
--   orders bigint, paid orders
--   known_orders bigint, the part of them whose buyer is known
--   sales decimal(18,4), paid amount on the chosen basis
-- source: METHODS 6, rules 5 to 7; patterns begin with the quarter before that of the first day
with lines as (
    select
        store_id,
        order_id,
        buyer_id,
        cast(ordered_at as date) as day,
        paid_amount
        + case when $add_platform then coalesce(platform_amount, 0) else 0 end
        - case when $less_refunds then coalesce(refunded_amount, 0) else 0 end as sales,
    from order_lines
    where
        not coalesce(is_excluded, false)
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
        sum(sales) as sales,
    from lines
    group by store_id, order_id
),

dated as (
    select
        store_id,
        buyer_id,
        extract(year from day) * 4 + extract(quarter from day) as quarter,
        day,
        sales,
    from orders
),

visits as (
    select
        bits.circle,
        bits.bit,
        dated.buyer_id,
        dated.quarter,
        min(date_diff('day', cast('1970-01-01' as date), dated.day) * 64 + bits.place) as came,
        count(*) as orders,
        sum(dated.sales) as sales,
    from dated
    inner join bits on dated.store_id = bits.store_id
    group by bits.circle, bits.bit, dated.buyer_id, dated.quarter
),

followed as (
    select
        *,
        bit_or(bit) over (
            partition by circle, buyer_id order by quarter
            range between current row and current row
        ) as bought,
        bit_or(bit) over (
            partition by circle, buyer_id order by quarter
            range between 1 preceding and 1 preceding
        ) as bought_last,
        bit_or(bit) over (
            partition by circle, buyer_id order by quarter
            range between unbounded preceding and 1 preceding
        ) as bought_before,
        min(came) over (partition by circle, buyer_id) as first_came,
    from visits
),

told as (
    select
        *,
        case
            when
                quarter >= extract(year from $first) * 4 + extract(quarter from $first) - 1
                then md5(buyer_id)
        end as digest,
    from followed
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
    from told
),

patterns as (
    select
        circle,
        quarter,
        buyer_group,
        case when digest is null then 0 else bought end as bought,
        case when digest is null then 0 else coalesce(bought_last, 0) end as bought_last,
        case when digest is null then 0 else coalesce(bought_before, 0) end as bought_before,
        case when digest is not null and bought_before is null then first_came % 64 end
            as first_place,
        bit,
        buyer_id,
        digest,
        orders,
        sales,
    from grouped
),

final as (
    select
        circle,
        cast(quarter as bigint) as quarter,
        buyer_group,
        bought,
        bought_last,
        bought_before,
        cast(first_place as bigint) as first_place,
        bit,
        cast(count(digest) as bigint) as buyers,
        cast(sum(orders) as bigint) as orders,
        cast(sum(case when buyer_id is null then 0 else orders end) as bigint) as known_orders,
        cast(sum(sales) as decimal(18, 4)) as sales,
    from patterns
    group by
        circle, quarter, buyer_group, bought, bought_last, bought_before, first_place, bit
)

select * from final
order by circle, quarter, buyer_group, bought, bought_last, bought_before, first_place, bit
