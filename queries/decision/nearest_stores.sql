-- purpose: the stores that each candidate is most like, and what they sell of its goods
-- grain: candidate_id, store_id
-- inputs: nearest, recommendation
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
        nearest.candidate_id,
        nearest.store_id,
        nearest.weight,
        nearest.distance,
        nearest.product_distance,
        nearest.price_distance,
        nearest.promotion_distance,
        nearest.service_distance,
        nearest.place_distance,
        nearest.monthly_sales,
        recommendation.contribution as leaves,
    from nearest
    inner join recommendation on nearest.candidate_id = recommendation.candidate_id
)

select * exclude (leaves) from final
order by leaves desc nulls last, candidate_id asc, weight desc, store_id asc
