-- purpose: coupons of one kind on the same goods at the same time that name no stack_group, so that
--   an order is taken to use both
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
-- rule: an order takes one shop coupon and one platform coupon
-- advice: give coupons of which an order takes one (also the tiers of a ladder) one stack_group
-- source: METHODS 3 "Rule engine", DATA promotions
with coupons as (
    select
        _row,
        promo_id,
        store_id,
        mechanism,
        starts_at,
        ends_at,
        coalesce(scope, 'store') as scope,
        coalesce(eligibility, 'all') as eligibility,
    from promotions
    where mechanism in ('coupon_shop', 'coupon_platform') and stack_group is null
),

pairs as (
    select
        later._row,
        later.promo_id || ' with ' || min(earlier.promo_id) as value,
    from coupons as earlier
    inner join coupons as later
        on
            earlier.store_id = later.store_id
            and earlier.mechanism = later.mechanism
            and earlier.scope = later.scope
            and earlier.eligibility = later.eligibility
    where
        (earlier.starts_at, earlier.promo_id) < (later.starts_at, later.promo_id)
        and earlier.ends_at >= later.starts_at
    group by later._row, later.promo_id
),

final as (
    select
        _row as row_no,
        'stack_group' as column_name,
        value,
        cast(null as decimal(18, 4)) as money,
    from pairs
)

select * from final
order by row_no, column_name
