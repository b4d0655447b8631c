-- purpose: codes of stores that the contract does not know
-- grain: row_no, column_name
-- inputs: stores
-- params: none
-- outputs:
--   row_no bigint, row of the table
--   column_name varchar, column that breaks the rule
--   value varchar, what stands there
--   money decimal(18,4), null: the table has no money
-- table: stores
-- severity: fatal
-- rule: one of the codes of the contract
-- advice: use a code of the contract; see 'channelscope init'
-- source: DATA stores
with shops as (
    select * from stores
),

final as (
    select
        _row as row_no,
        'kind' as column_name,
        kind as value,
        cast(null as decimal(18, 4)) as money,
    from shops
    where
        kind not in (
            'flagship', 'specialty', 'multibrand', 'distributor', 'outlet', 'live',
            'marketplace'
        )
    union all
    select
        _row as row_no,
        'declared_role' as column_name,
        declared_role as value,
        cast(null as decimal(18, 4)) as money,
    from shops
    where declared_role not in (
        'image', 'volume', 'long_tail', 'reach', 'clearance', 'launch', 'service'
    )
)

select * from final
order by row_no, column_name
