-- purpose: rows of order_lines whose key stands there more than once
-- grain: row_no, column_name
-- inputs: order_lines
-- params: none
-- outputs:
--   row_no bigint, row of the table
--   column_name varchar, column that breaks the rule
--   value varchar, what stands there
--   money decimal(18,4), what was paid for the line
-- table: order_lines
-- severity: fatal
-- rule: one row per store_id, order_id, line_no
-- advice: remove the copy, or give it a key of its own
-- source: DATA order_lines, grain
with keyed as (
    select
        _row,
        store_id,
        order_id,
        line_no,
        paid_amount,
        hash(store_id, order_id, line_no) as key_hash,
    from order_lines
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
            partition by keyed.store_id, keyed.order_id, keyed.line_no
        ) as copies,
    from keyed
    inner join suspects on keyed.key_hash = suspects.key_hash
),

final as (
    select
        _row as row_no,
        'line_no' as column_name,
        concat_ws(' / ', store_id, order_id, line_no) as value,
        paid_amount as money,
    from counted
    where copies > 1
)

select * from final
order by row_no, column_name
