-- purpose: what each store sold of each product in the weeks before and after an opening that can
--   be measured
-- grain: opened_id, seller_id, sku, week
-- inputs: order_lines, opening_days
-- params: none
-- parts: add
-- outputs:
--   opened_id varchar, the store that opened
--   seller_id varchar, the store that sold: the new one or another; never a group
--   sku varchar, the product
--   week bigint, whole weeks since the opening, negative before it
--   lines bigint, order lines
--   paid_amount decimal(18,4), what consumers paid, refunds not taken off
--   squares decimal(38,8), sum over the lines of their squared amount: how uneven they are
-- source: METHODS 8 (b)
with lines as (
    select
        store_id,
        sku,
        cast(ordered_at as date) as day,
        paid_amount,
        cast(paid_amount * paid_amount as decimal(36, 8)) as square,
    from order_lines
    where not coalesce(is_excluded, false)
),

final as (
    select
        opening_days.opened_id,
        lines.store_id as seller_id,
        lines.sku,
        opening_days.week,
        cast(count(*) as bigint) as lines,
        cast(sum(lines.paid_amount) as decimal(18, 4)) as paid_amount,
        cast(sum(lines.square) as decimal(38, 8)) as squares,
    from lines
    inner join opening_days on lines.day = opening_days.day
    group by opening_days.opened_id, lines.store_id, lines.sku, opening_days.week
)

select * from final
order by opened_id, seller_id, sku, week
