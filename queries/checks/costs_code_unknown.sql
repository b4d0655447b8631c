-- purpose: codes of costs that the contract does not know
-- grain: row_no, column_name
-- inputs: costs
-- params: none
-- outputs:
--   row_no bigint, row of the table
--   column_name varchar, column that breaks the rule
--   value varchar, what stands there
--   money decimal(18,4), null: the table has no money
-- table: costs
-- severity: fatal
-- rule: one of the codes of the contract
-- advice: use a code of the contract; see 'channelscope init'
-- source: DATA costs
with items as (
    select * from costs
),

final as (
    select
        _row as row_no,
        'kind' as column_name,
        kind as value,
        cast(null as decimal(18, 4)) as money,
    from items
    where kind not in (
        'commission_rate', 'payment_fee_rate', 'affiliate_rate', 'ad_spend',
        'fulfilment_per_order', 'staff', 'platform_annual_fee', 'deposit', 'gift_cost',
        'other'
    )
)

select * from final
order by row_no, column_name
