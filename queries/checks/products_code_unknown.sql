-- purpose: codes of products that the contract does not know
-- grain: row_no, column_name
-- inputs: products
-- params: none
-- outputs:
--   row_no bigint, row of the table
--   column_name varchar, column that breaks the rule
--   value varchar, what stands there
--   money decimal(18,4), null: the table has no money
-- table: products
-- severity: fatal
-- rule: one of the codes of the contract
-- advice: use a code of the contract; see 'channelscope init'
-- source: DATA products
with goods as (
    select * from products
),

final as (
    select
        _row as row_no,
        'unit' as column_name,
        unit as value,
        cast(null as decimal(18, 4)) as money,
    from goods
    where unit not in ('g', 'ml', 'piece')
)

select * from final
order by row_no, column_name
