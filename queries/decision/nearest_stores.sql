-- purpose: the stores that each candidate is most like, and what they sell of its goods
-- grain: candidate_id, store_id
-- inputs: nearest
-- params: none
-- outputs:
--   candidate_id varchar, the candidate
--   store_id varchar, the store
--   weight double, part it has in what is told of the candidate
--   distance double, mean of the known distances
--   product_distance double, of the mixes of goods, 0 to 1
--   price_distance double, of the price levels
--   promotion_distance double, of the mixes of mechanisms
--   service_distance double, of the service ratings, null = the candidate declares none
--   place_distance double, half for another kind, half for another platform
--   monthly_sales double, what it sells a month of the candidate's goods
-- source: METHODS 9
with final as (
    select
        candidate_id,
        store_id,
        weight,
        distance,
        product_distance,
        price_distance,
        promotion_distance,
        service_distance,
        place_distance,
        monthly_sales,
    from nearest
)

select * from final
order by candidate_id asc, weight desc, store_id asc
