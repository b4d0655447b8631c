-- purpose: how many orders of each store reach the thresholds of its promotions and how many fall
--   just short, and how many of the reference's orders would reach the same
-- grain: store_id, rank
-- inputs: thresholds, scope_stores
-- params: none
-- outputs:
--   store_id varchar, the store that set the threshold
--   rank bigint, 1, 2, ... within the store, the term with most orders first
--   mechanism varchar, mechanism code
--   label varchar, as the shop prints it, null = not known
--   scope varchar, store, category:<prefix> or sku:<a|b|c>
--   threshold_kind varchar, amount or qty
--   threshold double, from how much
--   benefit_kind varchar, what is given, null = not known
--   benefit double, how much, null = not known
--   orders bigint, the store's orders placed while it ran
--   reached_share double, of those whose amount is known, part that reaches it
--   lo double, lower bound
--   hi double, upper bound
--   near_share double, part that falls less than a fifth, or up to one piece, short
--   near_lo double, lower bound
--   near_hi double, upper bound
--   reference_share double, part of the reference's orders of the same days that reaches it
--   reference_lo double, lower bound
--   reference_hi double, upper bound
--   outcome varchar, what may be said of the two shares, null = the reference's own
--   outcome_reason varchar, why a share is not known
--   place bigint, 1, 2, ... over all stores, the term with most orders first
-- source: METHODS 3 "threshold attainability"
with ranked as (
    select
        thresholds.*,
        scope_stores.position,
        row_number() over (
            partition by thresholds.store_id
            order by thresholds.orders desc, thresholds.promo_id asc
        ) as rank,
    from thresholds
    inner join scope_stores on thresholds.store_id = scope_stores.store_id
),

final as (
    select
        store_id,
        rank,
        mechanism,
        label,
        scope,
        threshold_kind,
        threshold,
        benefit_kind,
        benefit,
        orders,
        reached_share,
        lo,
        hi,
        near_share,
        near_lo,
        near_hi,
        reference_share,
        reference_lo,
        reference_hi,
        outcome,
        outcome_reason,
        row_number() over (order by orders desc, position asc, rank asc) as place,
        position,
    from ranked
)

select * exclude (position) from final
order by position, rank
