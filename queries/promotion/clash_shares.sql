-- purpose: on how many of their common product-days every two stores run promotions by different
--   sets of mechanisms, open to everybody and in the price, whether one piece earns them or not;
--   and how far apart one piece then is
-- grain: store_a, store_b
-- inputs: clash_pairs, claimed_pairs
-- params: none
-- outputs:
--   store_a varchar, one store
--   store_b varchar, the other, its id comes later
--   products bigint, products that both list on the same day
--   days bigint, product-days that both list
--   share double, part of them in clash
--   gap double, price of one piece at store_b / at store_a - 1, median in clash, null = none
--   mechanism_a varchar, those of store_a on most days in clash, joined by +, null = none
--   mechanism_b varchar, those of store_b on the same days, null = none
--   is_shown boolean, whether a matrix has room for both stores
-- source: METHODS 3 "Calendar overlap and clashes"
with final as (
    select
        clash_pairs.store_a,
        clash_pairs.store_b,
        clash_pairs.products,
        clash_pairs.days,
        clash_pairs.share,
        clash_pairs.gap,
        clash_pairs.mechanism_a,
        clash_pairs.mechanism_b,
        first_store.is_shown and second_store.is_shown as is_shown,
        first_store.position as first_position,
        second_store.position as second_position,
    from clash_pairs
    inner join claimed_pairs as first_store on clash_pairs.store_a = first_store.store_id
    inner join claimed_pairs as second_store on clash_pairs.store_b = second_store.store_id
)

select * exclude (first_position, second_position) from final
order by first_position, second_position
