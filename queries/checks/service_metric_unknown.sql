-- purpose: service metrics that the contract does not know
-- grain: row_no, column_name
-- inputs: service
-- params: none
-- outputs:
--   row_no bigint, row of the table
--   column_name varchar, column that breaks the rule
--   value varchar, what stands there
--   money decimal(18,4), null: the table has no money
-- table: service
-- severity: warn
-- rule: a service metric of the contract, or walkthrough_<step>
-- advice: rename it; an unknown metric has no direction and is not compared
-- source: DATA service
with scores as (
    select * from service
),

final as (
    select
        _row as row_no,
        'metric' as column_name,
        metric as value,
        cast(null as decimal(18, 4)) as money,
    from scores
    where metric not in (
        'rating_item', 'rating_service', 'rating_logistics', 'first_response_s',
        'reply_3min_rate', 'ship_hours', 'deliver_hours', 'ship_48h_rate',
        'dispute_rate', 'quality_refund_rate'
    )
    and not regexp_full_match(metric, 'walkthrough_(search|register|ask|buy|receive|return)')
)

select * from final
order by row_no, column_name
