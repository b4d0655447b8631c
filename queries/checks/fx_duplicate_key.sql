-- purpose: rows of fx whose key stands there more than once
-- grain: row_no, column_name
-- inputs: fx
-- params: none
-- outputs:
--   row_no bigint, row of the table
--   column_name varchar, column that breaks the rule
--   value varchar, what stands there
--   money decimal(18,4), null: the table has no money
-- table: fx
-- severity: fatal
-- rule: one row per date, currency
-- advice: remove the copy, or give it a key of its own
-- source: DATA fx, grain
with keyed as (
    select
        _row,
        date,
        currency,
        hash(date, currency) as key_hash,
    from fx
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
            partition by keyed.date, keyed.currency
        ) as copies,
    from keyed
    inner join suspects on keyed.key_hash = suspects.key_hash
),

final as (
    select
        _row as row_no,
        'currency' as column_name,
        concat_ws(' / ', date, currency) as value,
        cast(null as decimal(18, 4)) as money,
    from counted
    where copies > 1
)

select * from final
order by row_no, column_name
