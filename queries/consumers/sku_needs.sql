-- purpose: what need every product speaks of: its category, its price tier, whether it is for a
--   gift; a set of the toml with one of these names stands in its place
-- grain: sku
-- inputs: products, sku_categories, sku_tiers, own_segments
-- params: none
-- outputs:
--   sku varchar, the product
--   category varchar, its top-level category
--   price_tier varchar, entry, middle or premium by list price; all = its category has no tiers
--   basket_use varchar, gift where title, line or category says so; null = of no product they do
-- source: METHODS 6 "Need segments"
with named as (
    select
        sku,
        lower(concat_ws(' ', title, line, category)) as words,
    from products
),

told as (
    select
        sku,
        regexp_matches(words, '(^|[^a-z])gifts?([^a-z]|$)|giftbox|giftset|礼盒|礼品|礼物|礼袋|手礼|送礼')
        -- what comes free with a purchase is no gift that anybody looks for
        and not regexp_matches(words, 'free gift|gift with purchase|赠品|gift ?card|礼品卡')
            as is_gift,
    from named
),

known as (
    select max(case when is_gift then 1 else 0 end) = 1 as has_gifts
    from told
),

replaced as (
    select
        sku,
        max(segment) filter (where segment_set = 'category') as category,
        max(segment) filter (where segment_set = 'price_tier') as price_tier,
        max(segment) filter (where segment_set = 'basket_use') as basket_use,
        count(*) filter (where segment_set = 'category') as own_category,
        count(*) filter (where segment_set = 'price_tier') as own_tier,
        count(*) filter (where segment_set = 'basket_use') as own_use,
    from own_segments
    group by sku
),

final as (
    select
        told.sku,
        case
            when replaced.own_category > 0 then replaced.category
            else sku_categories.category
        end as category,
        case
            when replaced.own_tier > 0 then replaced.price_tier
            else sku_tiers.tier
        end as price_tier,
        case
            when replaced.own_use > 0 then replaced.basket_use
            when not known.has_gifts then null
            when told.is_gift then 'gift'
            else 'own'
        end as basket_use,
    from told
    cross join known
    inner join sku_categories on told.sku = sku_categories.sku
    left join sku_tiers on told.sku = sku_tiers.sku
    left join replaced on told.sku = replaced.sku
)

select * from final
order by sku
