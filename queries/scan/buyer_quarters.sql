-- purpose: buyers of each calendar quarter by where they bought in it, in the quarter before and
--   ever before, with what they paid in each store; and all orders, known buyers or not
-- grain: circle, quarter, buyer_group, bought, bought_last, bought_before, first_place, bit
-- inputs: buyer_orders, store_numbers, store_bits
-- params: first date, last date
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
with bits as (
    select
        store_numbers.store_number,
        cast(store_bits.circle as smallint) as circle,
        store_bits.place,
        store_bits.bit,
    from store_bits
    inner join store_numbers on store_bits.store_id = store_numbers.store_id
),

dated as (
    select
        store_number,
        buyer,
        digest,
        cast(ordered_at as date) as day,
        sales,
    from buyer_orders
    where cast(ordered_at as date) <= $last
),

-- narrow columns: millions of these rows are sorted
numbered as (
    select
        bits.circle,
        bits.bit,
        dated.buyer,
        dated.digest,
        cast(
            extract(year from dated.day) * 4 + extract(quarter from dated.day) as smallint
        ) as quarter,
        cast(
            date_diff('day', cast('1970-01-01' as date), dated.day) * 64 + bits.place as int
        ) as came,
        dated.sales,
    from dated
    inner join bits on dated.store_number = bits.store_number
),

visits as (
    select
        circle,
        bit,
        buyer,
        quarter,
        min(digest) as digest,
        min(came) as came,
        cast(count(*) as int) as orders,
        cast(sum(sales) as decimal(18, 4)) as sales,
    from numbered
    group by circle, bit, buyer, quarter
),

-- an order of two buyers may bring the digest of the other: a buyer has one, in every quarter
followed as (
    select
        circle,
        bit,
        buyer,
        quarter,
        orders,
        sales,
        min(digest) over (
            partition by circle, buyer order by quarter
            range between unbounded preceding and unbounded following
        ) as digest,
        bit_or(bit) over (
            partition by circle, buyer order by quarter
            range between current row and current row
        ) as bought,
        bit_or(bit) over (
            partition by circle, buyer order by quarter
            range between 1 preceding and 1 preceding
        ) as bought_last,
        bit_or(bit) over (
            partition by circle, buyer order by quarter
            range between unbounded preceding and 1 preceding
        ) as bought_before,
        min(came) over (
            partition by circle, buyer order by quarter
            range between current row and current row
        ) as first_came,
    from visits
    where buyer is not null
),

told as (
    select
        circle,
        quarter,
        digest,
        bought,
        coalesce(bought_last, 0) as bought_last,
        coalesce(bought_before, 0) as bought_before,
        case when bought_before is null then first_came % 64 end as first_place,
        bit,
        orders,
        sales,
    from followed
    where quarter >= extract(year from $first) * 4 + extract(quarter from $first) - 1
),

counted as (
    select
        circle,
        quarter,
        digest,
        bought,
        bought_last,
        bought_before,
        first_place,
        bit,
        count(*) as buyers,
        sum(orders) as orders,
        sum(sales) as sales,
    from told
    group by circle, quarter, digest, bought, bought_last, bought_before, first_place, bit
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
    from counted
),

patterns as (
    select
        circle,
        quarter,
        buyer_group,
        bought,
        bought_last,
        bought_before,
        first_place,
        bit,
        sum(buyers) as buyers,
        sum(orders) as orders,
        sum(orders) as known_orders,
        sum(sales) as sales,
    from grouped
    group by
        circle, quarter, buyer_group, bought, bought_last, bought_before, first_place, bit
),

-- of guests, and of what was long ago, only how much it was
others as (
    select
        circle,
        quarter,
        null as buyer_group,
        0 as bought,
        0 as bought_last,
        0 as bought_before,
        null as first_place,
        bit,
        0 as buyers,
        sum(orders) as orders,
        sum(case when buyer is null then 0 else orders end) as known_orders,
        sum(sales) as sales,
    from visits
    where
        buyer is null
        or quarter < extract(year from $first) * 4 + extract(quarter from $first) - 1
    group by circle, quarter, bit
),

all_patterns as (
    select * from patterns
    union all
    select * from others
),

final as (
    select
        cast(circle as bigint) as circle,
        cast(quarter as bigint) as quarter,
        cast(buyer_group as varchar) as buyer_group,
        cast(bought as bigint) as bought,
        cast(bought_last as bigint) as bought_last,
        cast(bought_before as bigint) as bought_before,
        cast(first_place as bigint) as first_place,
        bit,
        cast(buyers as bigint) as buyers,
        cast(orders as bigint) as orders,
        cast(known_orders as bigint) as known_orders,
        cast(sales as decimal(18, 4)) as sales,
    from all_patterns
)

select * from final
order by circle, quarter, buyer_group, bought, bought_last, bought_before, first_place, bit
