-- purpose: promotions that contradict an earlier one of their store: same stack group, same
--   priority and same buyers, at work on common products at the same time, on other terms. A
--   narrower scope is no exception to a wider one unless its priority says so: store meets
--   everything, a category what lies below it, and its products. Not told are equal terms, where it
--   does not matter which is taken, a promotion for members beside that for all, and promotions
--   without a stack group, which add up
-- grain: row_no, column_name
-- inputs: promotions, products
-- params: none
-- outputs:
--   row_no bigint, row of the table
--   column_name varchar, column that breaks the rule
--   value varchar, what stands there
--   money decimal(18,4), null: the table has no money
-- table: promotions
-- severity: warn
-- rule: of one stack_group, priority and eligibility, one promotion at a time on the same products,
--   whether they are named, in a category or the whole store, or else equal terms
-- advice: end one before the other begins, narrow its scope, or say by another stack_group that
--   both apply; where both stand the one that is better for the basket is taken, and another
--   priority says that this is meant
-- source: METHODS 3 "Rule engine", DATA promotions
with goods as (
    select * from products
),

grouped as (
    select
        _row,
        promo_id,
        store_id,
        starts_at,
        ends_at,
        stack_group,
        priority,
        coalesce(eligibility, 'all') as eligibility,
        case
            when scope like 'category:%' then 'category'
            when scope like 'sku:%' then 'sku'
            else 'store'
        end as kind,
        case when scope like 'category:%' then substring(scope, 10) || ' > ' end as path,
        case when scope like 'sku:%' then string_split(substring(scope, 5), '|') end as skus,
        {
            'mechanism': mechanism,
            'threshold_kind': coalesce(threshold_kind, 'none'),
            'threshold': threshold,
            'threshold_base': threshold_base,
            'benefit_kind': benefit_kind,
            'benefit': benefit,
            'repeat': coalesce(repeat, false),
            'cap': cap
        } as terms,
    from promotions
    where stack_group is not null and starts_at <= ends_at
),

goods_below as (
    select
        grouped._row,
        list(goods.sku) as skus,
    from grouped
    inner join goods on starts_with(goods.category || ' > ', grouped.path)
    group by grouped._row
),

placed as (
    select
        grouped.* exclude (skus),
        coalesce(grouped.skus, goods_below.skus) as skus,
    from grouped
    left join goods_below on grouped._row = goods_below._row
),

pairs as (
    select
        later._row,
        later.promo_id,
        later.stack_group,
        later.priority,
        earlier.promo_id as other_id,
        later.starts_at as first_at,
        least(earlier.ends_at, later.ends_at) as last_at,
    from placed as earlier
    inner join placed as later
        on
            earlier.store_id = later.store_id
            and earlier.stack_group = later.stack_group
            and earlier.priority is not distinct from later.priority
            and earlier.eligibility = later.eligibility
    where
        (earlier.starts_at, earlier.promo_id) < (later.starts_at, later.promo_id)
        and earlier.ends_at >= later.starts_at
        and earlier.terms is distinct from later.terms
        and (
            earlier.kind = 'store'
            or later.kind = 'store'
            or starts_with(later.path, earlier.path)
            or starts_with(earlier.path, later.path)
            or list_has_any(earlier.skus, later.skus)
        )
),

ranked as (
    select
        *,
        row_number() over (
            partition by _row order by last_at desc, other_id asc
        ) as turn,
        count(*) over (partition by _row) as others,
    from pairs
),

final as (
    select
        _row as row_no,
        'promo_id' as column_name,
        concat(
            promo_id,
            ' against ',
            other_id,
            ' from ',
            cast(first_at as date),
            ' to ',
            cast(last_at as date),
            ' (stack_group ',
            stack_group,
            ', priority ',
            coalesce(cast(priority as varchar), 'none'),
            ')',
            case when others > 1 then concat(' and ', others - 1, ' more') end
        ) as value,
        cast(null as decimal(18, 4)) as money,
    from ranked
    where turn = 1
)

select * from final
order by row_no, column_name
