-- purpose: orders of each store by the segments of the sets that the toml declares and by group of
--   buyers. An order is dealt once in every set: to the segment with most of its paid amount
-- grain: store_id, buyer_group, segment_set, segment
-- inputs: order_lines, own_segments
-- params: first date, last date
-- parts: add
-- outputs:
--   store_id varchar, the store
--   buyer_group varchar, one of 64 groups, by md5 of the buyer or, where unknown, of the order
--   segment_set varchar, a set of the toml
--   segment varchar, one of its segments, null = most was paid for goods in none
--   orders bigint, orders first paid in the period
-- source: METHODS 6 "Need segments", rule 5
with lines as (
    select
        order_lines.store_id,
        order_lines.order_id,
        order_lines.buyer_id,
        own_segments.segment_set,
        own_segments.segment,
        cast(order_lines.ordered_at as date) as day,
        order_lines.paid_amount,
    from order_lines
    inner join own_segments on order_lines.sku = own_segments.sku
    where
        not coalesce(order_lines.is_excluded, false)
        -- a day more: an order paid over midnight belongs, whole, to its first day
        and order_lines.ordered_at >= cast($first as timestamp) - interval '1' day
        and cast(order_lines.ordered_at as date) <= $last
),

parts as (
    select
        store_id,
        order_id,
        segment_set,
        segment,
        min(buyer_id) as buyer_id,
        min(day) as day,
        cast(sum(paid_amount) as decimal(18, 4)) as paid_amount,
    from lines
    group by store_id, order_id, segment_set, segment
),

ranked as (
    select
        *,
        min(buyer_id) over (partition by store_id, order_id, segment_set) as order_buyer,
        min(day) over (partition by store_id, order_id, segment_set) as order_day,
        row_number() over (
            partition by store_id, order_id, segment_set
            order by paid_amount desc, segment asc nulls last
        ) as place,
    from parts
),

grouped as (
    select
        store_id,
        segment_set,
        segment,
        md5(coalesce(order_buyer, order_id)) as digest,
    from ranked
    where place = 1 and order_day >= $first
),

placed as (
    select
        *,
        substr(digest, 1, 1) || case
            when substr(digest, 2, 1) < '4' then 'a'
            when substr(digest, 2, 1) < '8' then 'b'
            when substr(digest, 2, 1) < 'c' then 'c'
            else 'd'
        end as buyer_group,
    from grouped
),

final as (
    select
        store_id,
        buyer_group,
        segment_set,
        segment,
        cast(count(*) as bigint) as orders,
    from placed
    group by store_id, buyer_group, segment_set, segment
)

select * from final
order by store_id asc, buyer_group asc, segment_set asc, segment asc nulls last
