-- purpose: costs with their money in the currency of the workspace; rates stay as they are
-- grain: store_id, month, kind
-- inputs: costs, stores, fx_by_day
-- params: none
-- outputs:
--   store_id varchar, store
--   month date, first day of the month
--   kind varchar, kind of cost
--   amount double, money at the rate of the month's last day, or a rate 0-1
--   _row bigint, row number in the source
-- source: DATA stores.currency, fx
with rates as (
    select * from fx_by_day
),

priced as (
    select
        costs.*,
        coalesce(rates.rate, 1) as rate,
    from costs
    left join stores on costs.store_id = stores.store_id
    left join rates
        on stores.currency = rates.currency and last_day(costs.month) = rates.day
),

final as (
    select
        store_id,
        month,
        kind,
        case when kind like '%!_rate' escape '!' then amount else amount * rate end as amount,
        _row,
    from priced
)

select * from final
order by _row
