-- purpose: codes of promotions that the contract does not know
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
-- rule: one of the codes of the contract
-- advice: use a code of the contract; see 'channelscope init'
-- source: DATA promotions
with offers as (
    select * from promotions
),

final as (
    select
        _row as row_no,
        'mechanism' as column_name,
        mechanism as value,
        cast(null as decimal(18, 4)) as money,
    from offers
    where
        mechanism not in (
            'markdown', 'flash', 'subsidy', 'official_cut', 'member', 'group', 'presale',
            'new_customer', 'coupon_item', 'coupon_shop', 'tier_amount', 'tier_qty', 'bundle',
            'gift', 'tier_cross', 'coupon_platform', 'points', 'redpack', 'shipping',
            'subscribe', 'cashback', 'trade_in'
        )
    union all
    select
        _row as row_no,
        'threshold_kind' as column_name,
        threshold_kind as value,
        cast(null as decimal(18, 4)) as money,
    from offers
    where threshold_kind not in ('none', 'amount', 'qty')
    union all
    select
        _row as row_no,
        'threshold_base' as column_name,
        threshold_base as value,
        cast(null as decimal(18, 4)) as money,
    from offers
    where threshold_base not in ('list', 'activity', 'running')
    union all
    select
        _row as row_no,
        'benefit_kind' as column_name,
        benefit_kind as value,
        cast(null as decimal(18, 4)) as money,
    from offers
    where benefit_kind not in ('rate', 'amount', 'price', 'gift', 'credit')
    union all
    select
        _row as row_no,
        'eligibility' as column_name,
        eligibility as value,
        cast(null as decimal(18, 4)) as money,
    from offers
    where eligibility not in ('all', 'member', 'new', 'presale')
)

select * from final
order by row_no, column_name
