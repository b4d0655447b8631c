-- purpose: rate of each foreign currency on every day: that day's, or the latest before it
-- grain: currency, day
-- inputs: stores, fx, order_lines, price_snapshots, costs
-- params: currency varchar
-- outputs:
--   currency varchar, ISO 4217
--   day date, from the first known rate to the last day of the data
--   rate double, units of the workspace's currency for one unit
-- source: DATA fx
with foreign_currencies as (
    select distinct currency
    from stores
    where currency <> $currency
),

last_days as (
    select max(cast(ordered_at as date)) as day from order_lines
    union all
    select max(cast(observed_at as date)) as day from price_snapshots
    union all
    select max(last_day(month)) as day from costs
),

data_end as (
    select max(day) as day from last_days
),

known as (
    select
        fx.currency,
        fx.date as first_day,
        fx.rate,
        lead(fx.date) over (partition by fx.currency order by fx.date) as next_day,
    from fx
    inner join foreign_currencies on fx.currency = foreign_currencies.currency
    where fx.rate is not null
),

spans as (
    select
        known.currency,
        known.rate,
        known.first_day,
        coalesce(
            known.next_day - interval 1 day, greatest(known.first_day, data_end.day)
        ) as final_day,
    from known
    cross join data_end
),

final as (
    select
        currency,
        cast(unnest(generate_series(first_day, final_day, interval 1 day)) as date) as day,
        rate,
    from spans
)

select * from final
order by currency, day
