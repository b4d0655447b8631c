-- purpose: buyers of each calendar quarter by where they bought in it, in the quarter before and
--   ever before, with what they paid in each store; and all orders, known buyers or not
-- grain: circle, quarter, buyer_group, bought, bought_last, bought_before, first_place, bit
-- inputs: buyer_visits, earlier_buyer_visits, store_numbers, store_bits
-- params: patterns_first date
-- parts: add
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
-- source: METHODS 6, rules 5 to 7; patterns begin with $patterns_first, the first day of a quarter
with bits as (
    select
        store_numbers.store_number,
        cast(store_bits.circle as smallint) as circle,
        store_bits.place,
        store_bits.bit,
    from store_bits
    inner join store_numbers on store_bits.store_id = store_numbers.store_id
),

visits as (
    select
        bits.circle,
        bits.bit,
        buyer_visits.buyer,
        buyer_visits.quarter,
        buyer_visits.group_number,
        buyer_visits.buyer is not null
        and buyer_visits.first_day >= $patterns_first as has_pattern,
        cast(
            date_diff('day', cast('1970-01-01' as date), buyer_visits.first_day) * 64 + bits.place
            as int
        ) as came,
        buyer_visits.orders,
        buyer_visits.sales,
    from buyer_visits
    inner join bits on buyer_visits.store_number = bits.store_number
),

shown as (
    select
        circle,
        buyer,
        quarter,
        bit_or(bit) as bought,
        min(came) as came,
    from visits
    where has_pattern
    group by circle, buyer, quarter
),

known_visits as (
    select
        store_number,
        buyer,
        quarter,
    from earlier_buyer_visits
    where buyer is not null
    union all
    select
        store_number,
        buyer,
        quarter,
    from buyer_visits
    where buyer is not null
),

before as (
    select
        shown.circle,
        shown.buyer,
        shown.quarter,
        bit_or(case when known_visits.quarter = shown.quarter - 1 then bits.bit else 0 end)
            as bought_last,
        bit_or(bits.bit) as bought_before,
    from known_visits
    inner join bits on known_visits.store_number = bits.store_number
    inner join shown
        on
            bits.circle = shown.circle
            and known_visits.buyer = shown.buyer
            and known_visits.quarter < shown.quarter
    group by shown.circle, shown.buyer, shown.quarter
),

told as (
    select
        shown.circle,
        shown.quarter,
        shown.buyer,
        shown.bought,
        coalesce(before.bought_last, 0) as bought_last,
        coalesce(before.bought_before, 0) as bought_before,
        case when before.bought_before is null then shown.came % 64 end as first_place,
    from shown
    left join before
        on
            shown.circle = before.circle
            and shown.buyer = before.buyer
            and shown.quarter = before.quarter
),

patterns as (
    select
        told.circle,
        told.quarter,
        visits.group_number,
        told.bought,
        told.bought_last,
        told.bought_before,
        told.first_place,
        visits.bit,
        count(*) as buyers,
        sum(visits.orders) as orders,
        sum(visits.orders) as known_orders,
        sum(visits.sales) as sales,
    from told
    inner join visits
        on
            told.circle = visits.circle
            and told.buyer = visits.buyer
            and told.quarter = visits.quarter
    group by
        told.circle,
        told.quarter,
        visits.group_number,
        told.bought,
        told.bought_last,
        told.bought_before,
        told.first_place,
        visits.bit
),

-- of guests, and of what was long ago, only how much it was
others as (
    select
        circle,
        quarter,
        null as group_number,
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
    where not has_pattern
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
        substr(
            '0123456789abcdef',
            cast(round((group_number - group_number % 4) / 4) as bigint) + 1,
            1
        ) || substr('abcd', group_number % 4 + 1, 1) as buyer_group,
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
