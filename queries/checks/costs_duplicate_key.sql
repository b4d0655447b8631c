-- purpose: rows of costs whose key stands there more than once
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
-- rule: one row per store_id, month, kind
-- advice: remove the copy, or give it a key of its own
-- source: DATA costs, grain
with keyed as (
    select
        _row,
        store_id,
        month,
        kind,
        hash(store_id, month, kind) as key_hash,
    from costs
),

-- Equal keys have equal hashes: grouping whole numbers is a cheap first sieve.
suspects as (
    select key_hash
    from keyed
    group by key_hash
    having count(*) > 1
),

counted as (
    select
        keyed.*,
        count(*) over (
            partition by keyed.store_id, keyed.month, keyed.kind
        ) as copies,
    from keyed
    inner join suspects on keyed.key_hash = suspects.key_hash
),

final as (
    select
        _row as row_no,
        'kind' as column_name,
        concat_ws(' / ', store_id, month, kind) as value,
        cast(null as decimal(18, 4)) as money,
    from counted
    where copies > 1
)

select * from final
order by row_no, column_name
