-- purpose: one list price of each product over all stores and the period, and the third of its
--   category in which it lies: products of one price stand together
-- grain: sku
-- inputs: sku_weeks, shelf_weeks, sku_categories
-- params: none
-- outputs:
--   sku varchar, the product
--   category varchar, top-level category
--   list_price double, by pieces sold; by snapshots where nothing was sold
--   tier varchar, entry, middle or premium; all = the category has no tiers
--   outcome_reason varchar, why the category has no tiers
-- source: METHODS 2, 6 "price tier by list price"
with sold as (
    select
        sku,
        cast(sum(list_amount) as double) / nullif(cast(sum(units) as double), 0) as list_price,
    from sku_weeks
    group by sku
),

seen as (
    select
        sku,
        sum(list_price * listed_observations) / nullif(sum(listed_observations), 0) as list_price,
    from shelf_weeks
    where list_price > 0
    group by sku
),

prices as (
    select
        sku_categories.sku,
        sku_categories.category,
        round(coalesce(sold.list_price, seen.list_price), 4) as list_price,
    from sku_categories
    left join sold on sku_categories.sku = sold.sku
    left join seen on sku_categories.sku = seen.sku
    where coalesce(sold.list_price, seen.list_price) > 0
),

ranked as (
    select
        *,
        count(*) over (partition by category) as products,
        rank() over (partition by category order by list_price) - 1 as cheaper,
    from prices
),

thirds as (
    select
        *,
        case
            when 3 * cheaper < products then 'entry'
            when 3 * cheaper < 2 * products then 'middle'
            else 'premium'
        end as tier,
    from ranked
),

counted as (
    select
        *,
        max(case when tier = 'middle' then 1 else 0 end) over (partition by category)
        + max(case when tier = 'premium' then 1 else 0 end) over (partition by category)
            as tiers_above,
    from thirds
),

final as (
    select
        sku,
        category,
        list_price,
        case when products >= 6 and tiers_above = 2 then tier else 'all' end as tier,
        case
            when products < 6 then 'reason.few_products'
            when tiers_above < 2 then 'reason.prices_alike'
        end as outcome_reason,
    from counted
)

select * from final
order by sku
