-- purpose: orders against each threshold by group of buyers: those of the store that set it, and
--   those of the reference on the same days
-- grain: term_id, is_own, buyer_group
-- inputs: threshold_groups, threshold_terms
-- params: reference varchar
-- outputs:
--   term_id varchar, the first promo_id of those with the same terms in the same store
--   is_own boolean, whether the orders are of the store that set it, and not of the reference
--   buyer_group varchar, one of 64 groups of buyers
--   orders bigint, orders placed while it ran
--   known_orders bigint, of these, what is tested is known
--   reached bigint, of the known, those that reach the threshold
--   near bigint, of the known, those just short of it
-- source: METHODS 3 "threshold attainability"
with counted as (
    select
        threshold_terms.term_id,
        threshold_groups.is_own,
        threshold_groups.buyer_group,
        threshold_groups.orders,
        threshold_groups.known_orders,
        threshold_groups.reached,
        threshold_groups.near,
    from threshold_groups
    inner join threshold_terms on threshold_groups.term_id = threshold_terms.promo_id
    where
        threshold_groups.is_own
        or (
            threshold_groups.store_id = $reference
            and threshold_terms.store_id <> $reference
        )
),

final as (
    select
        term_id,
        is_own,
        buyer_group,
        cast(sum(orders) as bigint) as orders,
        cast(sum(known_orders) as bigint) as known_orders,
        cast(sum(reached) as bigint) as reached,
        cast(sum(near) as bigint) as near,
    from counted
    group by term_id, is_own, buyer_group
)

select * from final
order by term_id, is_own, buyer_group
