-- purpose: what became of the lines of an export: how many are sales, how many not and why, and how
--   much of what the lines were reduced by its columns explain
-- grain: reason
-- inputs: exported_lines
-- params: none
-- outputs:
--   reason varchar, why the line is no sale; sold for those that are
--   lines bigint, lines
--   orders bigint, orders
--   first_day date, the first day by which the export is cut
--   last_day date, the last one
--   first_order varchar, the order of the first line
--   paid_amount decimal(18,4), paid by the consumer
--   fake_lines bigint, lines marked as fake orders
--   reduced_amount decimal(18,4), list price less paid, where it is above
--   unexplained_amount decimal(18,4), of it what no discount column explains
--   overexplained_amount decimal(18,4), what discount columns say beyond it
-- source: DATA order_lines, the identity of every row
with lines as (
    select
        exported_lines.*,
        exported_lines.qty * exported_lines.list_price - exported_lines.paid_amount as reduced,
        coalesce(exported_lines.discount_markdown, 0) + coalesce(exported_lines.discount_member, 0)
        + coalesce(exported_lines.discount_coupon_item, 0)
        + coalesce(exported_lines.discount_coupon_shop, 0)
        + coalesce(exported_lines.discount_tier_amount, 0)
        + coalesce(exported_lines.discount_coupon_platform, 0)
        + coalesce(exported_lines.discount_points, 0)
        + coalesce(exported_lines.discount_redpack, 0) as explained,
    from exported_lines
),

final as (
    select
        coalesce(reason, 'sold') as reason,
        count(*) as lines,
        count(distinct order_id) as orders,
        min(placed_on) as first_day,
        max(placed_on) as last_day,
        arg_min(order_id, row) as first_order,
        cast(sum(paid_amount) as decimal(18, 4)) as paid_amount,
        count(*) filter (where is_excluded) as fake_lines,
        cast(sum(greatest(reduced, 0)) as decimal(18, 4)) as reduced_amount,
        cast(sum(greatest(reduced - explained, 0)) as decimal(18, 4)) as unexplained_amount,
        cast(sum(greatest(explained - reduced, 0)) as decimal(18, 4)) as overexplained_amount,
    from lines
    group by coalesce(reason, 'sold')
)

select * from final
order by reason
