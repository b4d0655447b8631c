-- purpose: by category, what part of a store's sales its entry, middle and premium products make
-- grain: category, store_id
-- inputs: price_tiers, category_mix, claimed_pairs
-- params: none
-- outputs:
--   category varchar, top-level category
--   store_id varchar, the store
--   entry_to double, highest list price of the entry tier, null = the category has no tiers
--   premium_from double, lowest list price of the premium tier
--   entry_share double, part of the store's sales in the category, null = not known
--   middle_share double, the same of the middle tier
--   premium_share double, the same of the premium tier
--   lo double, lower end of the 95% interval of the premium share
--   hi double, upper end of the 95% interval
--   skus bigint, products of the category that the store has
--   outcome varchar, of the premium share against the reference's, adjusted over the figure
--   outcome_reason varchar, why something is not known
--   is_shown boolean, whether a matrix has room for the store
-- source: METHODS 2
with tiers as (
    select
        category,
        store_id,
        max(to_price) filter (where tier = 'entry') as entry_to,
        max(from_price) filter (where tier = 'premium') as premium_from,
        max(share) filter (where tier = 'entry') as entry_share,
        max(share) filter (where tier = 'middle') as middle_share,
        max(share) filter (where tier = 'premium') as premium_share,
        max(lo) filter (where tier = 'premium') as lo,
        max(hi) filter (where tier = 'premium') as hi,
        cast(sum(skus) as bigint) as skus,
        max(outcome) as outcome,
        coalesce(
            max(outcome_reason) filter (where tier = 'premium'), max(outcome_reason)
        ) as outcome_reason,
    from price_tiers
    group by category, store_id
),

sizes as (
    select
        category,
        sum(sales) as sales,
    from category_mix
    group by category
),

final as (
    select
        tiers.*,
        claimed_pairs.is_shown,
        claimed_pairs.position,
        sizes.sales,
    from tiers
    inner join claimed_pairs on tiers.store_id = claimed_pairs.store_id
    left join sizes on tiers.category = sizes.category
)

select * exclude (position, sales) from final
order by sales desc nulls last, category asc, position asc
