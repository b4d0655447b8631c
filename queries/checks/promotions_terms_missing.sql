-- purpose: promotions that do not say what they give, or from how much on; they make no price
-- grain: row_no, column_name
-- inputs: promotions
-- params: none
-- outputs:
--   row_no bigint, row of the table
--   column_name varchar, column that breaks the rule
--   value varchar, what stands there
--   money decimal(18,4), null: the table has no money
-- table: promotions
-- severity: warn
-- rule: a benefit of 0 or more, and a threshold of 0 or more where threshold_kind names one
-- advice: fill it in; until then the promotion takes part in calendars alone, not in what baskets
--   cost (a gift needs no benefit where gift_sku names it)
-- source: METHODS 3 "Rule engine", DATA promotions
with offers as (
    select * from promotions
),

final as (
    select
        _row as row_no,
        'benefit' as column_name,
        cast(benefit as varchar) as value,
        cast(null as decimal(18, 4)) as money,
    from offers
    where benefit < 0 or (benefit is null and gift_sku is null)
    union all
    select
        _row as row_no,
        'threshold' as column_name,
        cast(threshold as varchar) as value,
        cast(null as decimal(18, 4)) as money,
    from offers
    where
        coalesce(threshold_kind, 'none') <> 'none'
        and (threshold is null or threshold < 0)
)

select * from final
order by row_no, column_name
