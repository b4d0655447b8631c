-- purpose: how many order lines the user excluded, by store and day
-- grain: store_id, day
-- inputs: order_lines
-- params: none
-- parts: add
-- outputs:
--   store_id varchar, the store
--   day date, day of payment
--   lines bigint, order lines marked is_excluded
-- source: DATA "What bad data gets": rows in = rows analysed + rows excluded, per reason
with excluded as (
    select
        store_id,
        cast(ordered_at as date) as day,
    from order_lines
    where is_excluded
),

final as (
    select
        store_id,
        day,
        cast(count(*) as bigint) as lines,
    from excluded
    group by store_id, day
)

select * from final
order by store_id, day
