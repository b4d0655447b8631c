-- purpose: the group of every known buyer: intervals are drawn from 64 groups, not from buyers.
--   Kept in the engine; no result shows its numbers
-- grain: buyer
-- inputs: order_lines
-- params: last date
-- outputs:
--   buyer ubigint, number of the buyer, as in buyer_orders
--   buyer_group varchar, one of 64 groups, by md5 of the buyer
-- source: rule 5
with buyers as (
    select distinct buyer_id from order_lines
    where
        not coalesce(is_excluded, false)
        and cast(ordered_at as date) <= $last
        and buyer_id is not null
),

digests as (
    select
        -- portable: ok(functions) it only stands for the buyer, whatever number an engine makes
        hash(buyer_id) as buyer,
        md5(buyer_id) as digest,
    from buyers
),

final as (
    select
        buyer,
        min(substr(digest, 1, 1) || case
            when substr(digest, 2, 1) < '4' then 'a'
            when substr(digest, 2, 1) < '8' then 'b'
            when substr(digest, 2, 1) < 'c' then 'c'
            else 'd'
        end) as buyer_group,
    from digests
    group by buyer
)

select * from final
order by buyer
