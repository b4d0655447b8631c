-- purpose: the first day of the orders that have lines before a day and from it on: the parts of
--   the data that would divide them are read together
-- grain: none
-- inputs: order_lines
-- params: since date
-- outputs:
--   first_day date, the first day of such an order, excluded lines too; null = there is none
-- source: SCALE 2
with later as (
    select
        store_id,
        order_id,
    from order_lines
    where ordered_at >= cast($since as timestamp)
),

earlier as (
    select
        store_id,
        order_id,
        ordered_at,
    from order_lines
    where ordered_at < cast($since as timestamp)
),

-- A semi join reads the later part into memory and passes the earlier ones by it, of which ids
-- that grow with time leave most unread.
final as (
    select cast(min(earlier.ordered_at) as date) as first_day
    from earlier
    semi join later on earlier.store_id = later.store_id and earlier.order_id = later.order_id
)

select * from final
