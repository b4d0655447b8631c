-- purpose: orders whose lines were paid at different times
-- grain: row_no, column_name
-- inputs: order_lines
-- params: none
-- outputs:
--   row_no bigint, row of the table
--   column_name varchar, column that breaks the rule
--   value varchar, what stands there
--   money decimal(18,4), what was paid for the line
-- table: order_lines
-- severity: warn
-- rule: one time for all lines of an order
-- advice: use the time of payment of the order, or split the order
-- source: DATA order_lines.ordered_at
with keyed as (
    select
        _row,
        store_id,
        order_id,
        ordered_at,
        paid_amount,
        hash(store_id, order_id) as order_hash,
    from order_lines
),

-- Equal orders have equal hashes: grouping whole numbers is a cheap first sieve.
suspects as (
    select order_hash
    from keyed
    group by order_hash
    having min(ordered_at) < max(ordered_at)
),

timed as (
    select
        keyed.*,
        min(keyed.ordered_at) over (partition by keyed.store_id, keyed.order_id) as first_at,
    from keyed
    inner join suspects on keyed.order_hash = suspects.order_hash
),

final as (
    select
        _row as row_no,
        'ordered_at' as column_name,
        cast(ordered_at as varchar) as value,
        paid_amount as money,
    from timed
    where ordered_at > first_at
)

select * from final
order by row_no, column_name
