-- purpose: the promotions of the period that ask for an amount or a number of pieces, and which of
--   a store's have the same terms. Where the table names no base it is the usual one: list at the
--   item level, activity at shop and platform, running for points, payment and what stands beside
--   the price
-- grain: promo_id
-- inputs: promotions
-- params: first date, last date
-- outputs:
--   promo_id varchar, the promotion
--   term_id varchar, the first promo_id of those with the same terms in the same store
--   store_id varchar, the store that set it
--   mechanism varchar, mechanism code
--   label varchar, as the shop prints it, null = not known
--   scope varchar, store, category:<prefix> or sku:<a|b|c>; what cannot be read means store
--   threshold_kind varchar, amount or qty
--   threshold double, from how much
--   threshold_base varchar, on which price, the usual one if not said; null = pieces are counted
--   benefit_kind varchar, what is given, null = not known
--   benefit double, how much, null = not known
-- source: METHODS 3 "threshold attainability"
with asked as (
    select
        promo_id,
        store_id,
        mechanism,
        label,
        case
            when substr(scope, 1, 9) = 'category:' or substr(scope, 1, 4) = 'sku:' then scope
            else 'store'
        end as scope,
        threshold_kind,
        threshold,
        case
            when threshold_kind <> 'amount' then null
            when threshold_base is not null then threshold_base
            when
                mechanism in (
                    'markdown', 'flash', 'subsidy', 'official_cut', 'member', 'group', 'presale',
                    'subscribe'
                )
                then 'list'
            when
                mechanism in ('points', 'redpack', 'gift', 'shipping', 'cashback', 'trade_in')
                then 'running'
            else 'activity'
        end as threshold_base,
        benefit_kind,
        benefit,
        repeat,
        eligibility,
    from promotions
    where
        threshold_kind in ('amount', 'qty')
        and threshold > 0
        and cast(starts_at as date) <= $last
        and cast(ends_at as date) >= $first
),

final as (
    select
        promo_id,
        min(promo_id) over (
            partition by
                store_id,
                mechanism,
                scope,
                threshold_kind,
                threshold,
                threshold_base,
                benefit_kind,
                benefit,
                repeat,
                eligibility
        ) as term_id,
        store_id,
        mechanism,
        label,
        scope,
        threshold_kind,
        threshold,
        threshold_base,
        benefit_kind,
        benefit,
    from asked
)

select * from final
order by promo_id
