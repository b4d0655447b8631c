-- purpose: products whose price order broke or was mended since the base
-- grain: rank
-- inputs: price_order_changes
-- params: none
-- outputs:
--   rank bigint, 1 first
--   store_id varchar, the store
--   sku varchar, the product
--   title varchar, its title
--   change varchar, broken, mended, worse or better
--   base varchar, what it is held against
--   share_before double, days below of days with a price, then
--   share_now double, days below of days with a price, now
--   depth_before double, how far below on these days, then
--   depth_now double, how far below on these days, now
--   cause_mechanism varchar, what makes the price low
--   funder varchar, whose money that is
--   shortfall_amount double, what the buyers paid less
-- source: METHODS 10
with final as (
    select
        rank,
        store_id,
        sku,
        title,
        change,
        base,
        share_before,
        share_now,
        depth_before,
        depth_now,
        cause_mechanism,
        funder,
        shortfall_amount,
    from price_order_changes
)

select * from final
order by rank
