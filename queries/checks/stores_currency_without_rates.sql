-- purpose: stores that trade in another currency of which no rate is known
-- grain: row_no, column_name
-- inputs: stores, fx
-- params: currency varchar
-- outputs:
--   row_no bigint, row of the table
--   column_name varchar, column that breaks the rule
--   value varchar, what stands there
--   money decimal(18,4), null: the table has no money
-- table: stores
-- severity: fatal
-- rule: the currency of the workspace, or one that fx has
-- advice: add the rates as fx (date, currency, rate)
-- optional: fx
-- source: DATA stores.currency
with shops as (
    select * from stores
),

rates as (
    select * from fx
),

final as (
    select
        _row as row_no,
        'currency' as column_name,
        currency as value,
        cast(null as decimal(18, 4)) as money,
    from shops
    where
        currency <> $currency
        and currency not in (
            select rates.currency
            from rates
            where rates.currency is not null and rates.rate is not null
        )
)

select * from final
order by row_no, column_name
