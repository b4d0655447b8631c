-- purpose: orders of each store by all their needs at once and by group of buyers
-- grain: store_id, buyer_group, category, price_tier, basket_use, brand_history
-- inputs: need_groups
-- params: none
-- outputs:
--   store_id varchar, the store
--   buyer_group varchar, one of 64 groups of buyers
--   category varchar, top-level category
--   price_tier varchar, by list price within the category; all = no tiers there
--   basket_use varchar, gift or own
--   brand_history varchar, first or repeat, null = the buyer is not known
--   orders bigint, orders of the period
-- source: METHODS 6, 7
with needs as (
    select * from need_groups
),

final as (
    select
        store_id,
        buyer_group,
        category,
        price_tier,
        basket_use,
        brand_history,
        cast(sum(orders) as bigint) as orders,
    from needs
    group by store_id, buyer_group, category, price_tier, basket_use, brand_history
)

select * from final
order by store_id, buyer_group, category, price_tier, basket_use, brand_history
