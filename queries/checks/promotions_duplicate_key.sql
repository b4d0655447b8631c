-- purpose: rows of promotions whose key stands there more than once
-- grain: row_no, column_name
-- inputs: promotions
-- params: none
-- outputs:
--   row_no bigint, row of the table
--   column_name varchar, column that breaks the rule
--   value varchar, what stands there
--   money decimal(18,4), null: the table has no money
-- table: promotions
-- severity: fatal
-- rule: one row per promo_id
-- advice: remove the copy, or give it a key of its own
-- source: DATA promotions, grain
with keyed as (
    select
        _row,
        promo_id,
        hash(promo_id) as key_hash,
    from promotions
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
            partition by keyed.promo_id
        ) as copies,
    from keyed
    inner join suspects on keyed.key_hash = suspects.key_hash
),

final as (
    select
        _row as row_no,
        'promo_id' as column_name,
        promo_id as value,
        cast(null as decimal(18, 4)) as money,
    from counted
    where copies > 1
)

select * from final
order by row_no, column_name
