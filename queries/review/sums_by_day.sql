-- purpose: what each store sold on each day of the period, and on the days it is held against
-- grain: store_id, span, as_day
-- inputs: store_days, base_days
-- params: none
-- outputs:
--   store_id varchar, the store
--   span varchar, period, or the name of what it is held against
--   as_day date, the day of the period that the day stands for
--   orders bigint, paid orders
--   units decimal(18,3), pieces sold
--   sales decimal(18,4), sales on the chosen basis
--   paid_amount decimal(18,4), what consumers paid
--   refunded_amount decimal(18,4), money given back, null = not known
--   refund_known_paid decimal(18,4), paid amount of the lines whose refunded amount is known
--   visitors bigint, visitor-days, null = not known
--   tracked_orders bigint, orders on days whose visitors are known
-- source: METHODS 10
with final as (
    select
        store_days.store_id,
        base_days.span,
        base_days.as_day,
        cast(sum(store_days.orders) as bigint) as orders,
        cast(sum(store_days.units) as decimal(18, 3)) as units,
        cast(sum(store_days.sales) as decimal(18, 4)) as sales,
        cast(sum(store_days.paid_amount) as decimal(18, 4)) as paid_amount,
        cast(sum(store_days.refunded_amount) as decimal(18, 4)) as refunded_amount,
        cast(sum(store_days.refund_known_paid) as decimal(18, 4)) as refund_known_paid,
        cast(sum(store_days.visitors) as bigint) as visitors,
        cast(sum(store_days.tracked_orders) as bigint) as tracked_orders,
    from store_days
    inner join base_days on store_days.day = base_days.day
    group by store_days.store_id, base_days.span, base_days.as_day
)

select * from final
order by store_id, span, as_day
