-- purpose: how many order lines each store has, how many the user excluded, what was paid, and the
--   days they span
-- grain: store_id
-- inputs: order_lines
-- params: none
-- parts: add
-- outputs:
--   store_id varchar, the store
--   rows_in bigint, order lines in the data
--   rows_excluded bigint, lines marked is_excluded
--   paid_amount decimal(18,4), what consumers paid, excluded lines left out
--   rows_refund_known bigint, lines whose refunded amount is given
--   rows_platform_known bigint, lines whose platform amount is given
--   rows_buyer_known bigint, lines with a buyer id
--   first_day date, first day with a line
--   last_day date, last day with a line
--   first_sale date, first day with a line, excluded lines left out, null = none
--   last_sale date, last such day
--   days_sold bigint, number of such days
-- source: DATA "What bad data gets", METHODS rule 6
with lines as (
    select
        store_id,
        ordered_at,
        paid_amount,
        refunded_amount,
        platform_amount,
        buyer_id,
        is_excluded,
        case when not coalesce(is_excluded, false) then cast(ordered_at as date) end as sold_on,
    from order_lines
),

final as (
    select
        store_id,
        cast(count(*) as bigint) as rows_in,
        cast(count(case when is_excluded then 1 end) as bigint) as rows_excluded,
        cast(
            sum(case when not coalesce(is_excluded, false) then paid_amount else 0 end)
            as decimal(18, 4)
        ) as paid_amount,
        cast(count(refunded_amount) as bigint) as rows_refund_known,
        cast(count(platform_amount) as bigint) as rows_platform_known,
        cast(count(buyer_id) as bigint) as rows_buyer_known,
        cast(min(ordered_at) as date) as first_day,
        cast(max(ordered_at) as date) as last_day,
        min(sold_on) as first_sale,
        max(sold_on) as last_sale,
        cast(count(distinct sold_on) as bigint) as days_sold,
    from lines
    group by store_id
)

select * from final
order by store_id
