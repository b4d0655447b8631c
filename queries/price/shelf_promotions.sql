-- purpose: the promotions that may stand behind a shelf price below list: open to all, for one
--   piece, on a day of the same store, product and week
-- grain: store_id, sku, week_start, month_start, promo_id
-- inputs: member_shelf_weeks, member_promotions, products
-- params: none
-- outputs:
--   store_id varchar, the store
--   sku varchar, the product
--   week_start date, Monday of the week
--   month_start date, first day of the month
--   promo_id varchar, the promotion
--   mechanism varchar, mechanism code
--   stack_group varchar, of one group the best one holds; a promotion without one is its own
--   benefit_per_piece double, money off the list price, null = not known
--   merchant_share double, share borne by the store, null = not known
-- source: METHODS 2 "Price order", DATA promotions
with reduced as (
    select
        seen.store_id,
        seen.sku,
        seen.week_start,
        seen.month_start,
        seen.list_price,
        greatest(seen.week_start, seen.month_start) as first_day,
        least(seen.week_start + 6, last_day(seen.month_start)) as last_day,
        products.category,
    from member_shelf_weeks as seen
    left join products on seen.sku = products.sku
    where seen.one_piece_price < seen.list_price
),

open_to_all as (
    select
        store_id,
        promo_id,
        mechanism,
        cast(starts_at as date) as first_day,
        cast(ends_at as date) as last_day,
        case when scope like 'category:%' then substring(scope, 10) end as category,
        case
            when scope like 'sku:%' then string_split(substring(scope, 5), '|')
        end as skus,
        coalesce(stack_group, promo_id) as stack_group,
        benefit_kind,
        benefit,
        merchant_share,
    from member_promotions
    where
        coalesce(eligibility, 'all') = 'all'
        and (
            coalesce(threshold_kind, 'none') = 'none'
            or (threshold_kind = 'qty' and threshold <= 1)
        )
),

final as (
    select
        reduced.store_id,
        reduced.sku,
        reduced.week_start,
        reduced.month_start,
        open_to_all.promo_id,
        open_to_all.mechanism,
        open_to_all.stack_group,
        case open_to_all.benefit_kind
            when 'rate' then open_to_all.benefit * reduced.list_price
            when 'amount' then cast(open_to_all.benefit as double)
            when 'price' then greatest(reduced.list_price - open_to_all.benefit, 0)
        end as benefit_per_piece,
        open_to_all.merchant_share,
    from reduced
    inner join open_to_all
        on
            reduced.store_id = open_to_all.store_id
            and reduced.first_day <= open_to_all.last_day
            and reduced.last_day >= open_to_all.first_day
    where
        (
            open_to_all.category is null
            or starts_with(reduced.category || ' > ', open_to_all.category || ' > ')
        )
        and (open_to_all.skus is null or list_contains(open_to_all.skus, reduced.sku))
)

select * from final
order by store_id, sku, week_start, month_start, promo_id
