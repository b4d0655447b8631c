-- purpose: what all stores together sold on each day
-- grain: day
-- inputs: order_lines
-- params: add_platform boolean, less_refunds boolean
-- parts: add
-- outputs:
--   day date, day of payment, store-local
--   sales decimal(18,4), paid amount on the chosen basis
-- source: METHODS 4, rule 7
with lines as (
    select
        cast(ordered_at as date) as day,
        paid_amount
        + case when $add_platform then coalesce(platform_amount, 0) else 0 end
        - case when $less_refunds then coalesce(refunded_amount, 0) else 0 end as sales,
    from order_lines
    where not coalesce(is_excluded, false)
),

final as (
    select
        day,
        cast(sum(sales) as decimal(18, 4)) as sales,
    from lines
    group by day
)

select * from final
order by day
