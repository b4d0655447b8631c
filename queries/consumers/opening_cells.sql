-- purpose: weekly sales of stores by category and price tier around an opening: of products that
--   were sold throughout, so that launches of one year are not read as an effect of the other; what
--   only the new store sells counts for it
-- grain: opened_id, seller_id, category, tier, week
-- inputs: opening_sales, opening_days, products, sku_categories, sku_tiers
-- params: none
-- outputs:
--   opened_id varchar, the store that opened
--   seller_id varchar, the store that sold
--   category varchar, top-level category
--   tier varchar, entry, middle or premium; all = the category has no tiers or the product no price
--   week bigint, whole weeks since the opening
--   lines bigint, order lines of products sold throughout
--   paid_amount double, what was paid for them
--   squares double, sum of the squared amounts of their lines
--   paid_for_all double, what was paid for all products
-- source: METHODS 8 (b), rule 4
with sales as (
    select * from opening_sales
),

begins as (
    select
        opened_id,
        min(day) as first_day,
        min(week) as first_week,
    from opening_days
    group by opened_id
),

-- new for a quarter: what is launched later, or not long before the first day, is no steady product
known as (
    select
        sales.opened_id,
        sales.sku,
        min(case when sales.seller_id <> sales.opened_id then sales.week end) as sold_elsewhere,
    from sales
    group by sales.opened_id, sales.sku
),

steady as (
    select
        known.opened_id,
        known.sku,
        known.sold_elsewhere is null as is_own,
        coalesce(
            products.launched_on <= begins.first_day - 91,
            known.sold_elsewhere < begins.first_week + 4, false
        ) as is_steady,
    from known
    inner join begins on known.opened_id = begins.opened_id
    left join products on known.sku = products.sku
),

placed as (
    select
        sales.opened_id,
        sales.seller_id,
        sku_categories.category,
        coalesce(sku_tiers.tier, 'all') as tier,
        sales.week,
        sales.lines,
        sales.paid_amount,
        sales.squares,
        steady.is_steady or steady.is_own as is_counted,
    from sales
    inner join steady on sales.opened_id = steady.opened_id and sales.sku = steady.sku
    inner join sku_categories on sales.sku = sku_categories.sku
    left join sku_tiers on sales.sku = sku_tiers.sku
),

final as (
    select
        opened_id,
        seller_id,
        category,
        tier,
        week,
        cast(coalesce(sum(case when is_counted then lines end), 0) as bigint) as lines,
        cast(coalesce(sum(case when is_counted then paid_amount end), 0) as double) as paid_amount,
        cast(coalesce(sum(case when is_counted then squares end), 0) as double) as squares,
        cast(sum(paid_amount) as double) as paid_for_all,
    from placed
    group by opened_id, seller_id, category, tier, week
)

select * from final
order by opened_id, seller_id, category, tier, week
