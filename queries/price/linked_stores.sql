-- purpose: what every two stores have in common on the best rung, and whether that links their
--   price levels
-- grain: store_a, store_b
-- inputs: price_links
-- params: none
-- outputs:
--   store_a varchar, the store whose id comes first
--   store_b varchar, the other store
--   rung varchar, the rung of the price ladder
--   time_grain varchar, length of the cells in which prices are matched
--   matched_skus bigint, products that both have in a common cell
--   share_a double, share of the first store's sales in matched cells
--   share_b double, share of the other store's sales in matched cells
--   is_linked boolean, five products and a tenth of one store's sales: their levels are compared
--   is_connected boolean, a chain of links leads from both to the reference
-- source: METHODS 2 "Price level"
with best as (
    select
        case
            when count(case when rung = 'realised' then 1 end) > 0 then 'realised'
            else 'one_piece'
        end as rung,
    from price_links
),

final as (
    select
        price_links.store_a,
        price_links.store_b,
        price_links.rung,
        price_links.time_grain,
        price_links.matched_skus,
        price_links.share_a,
        price_links.share_b,
        price_links.is_linked,
        price_links.is_connected,
    from price_links
    inner join best on price_links.rung = best.rung
)

select * from final
order by store_a, store_b
