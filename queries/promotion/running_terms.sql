-- purpose: when each threshold ran: the days of the period, cut where a promotion begins or ends
--   within one, with what is asked for and on which price. Of an order that is paid, running is
--   list at the item level, activity at the shop, what the levels before left for platform, points
--   and payment, and for what stands beside the price what was paid. Where the same terms run twice
--   in a day, they are taken to run between as well
-- grain: term_id, slot_from
-- inputs: promotions, threshold_terms
-- params: first date, last date
-- outputs:
--   term_id varchar, the first promo_id among the promotions of a store that have the same terms
--   store_id varchar, the store that set it
--   scope varchar, store, category:<prefix> or sku:<a|b|c>
--   base varchar, what of an order is tested: pieces, or a price of it
--   threshold decimal(18,4), from how much
--   day date, the day
--   slot_from timestamp, first moment of a part of the day
--   slot_to timestamp, first moment after it
--   spell bigint, number of the parts of days in which just these terms run
-- source: METHODS 3 "threshold attainability", DATA promotions
with terms as (
    select
        threshold_terms.term_id,
        threshold_terms.store_id,
        threshold_terms.scope,
        promotions.starts_at,
        promotions.ends_at,
        cast(round(threshold_terms.threshold, 4) as decimal(18, 4)) as threshold,
        case
            when threshold_terms.threshold_base is null then 'pieces'
            when threshold_terms.threshold_base <> 'running' then threshold_terms.threshold_base
            when threshold_terms.mechanism in ('tier_cross', 'coupon_platform') then 'after_shop'
            when threshold_terms.mechanism = 'points' then 'after_platform'
            when threshold_terms.mechanism = 'redpack' then 'after_points'
            when
                threshold_terms.mechanism in ('gift', 'shipping', 'cashback', 'trade_in')
                then 'paid'
            when
                threshold_terms.mechanism in (
                    'markdown', 'flash', 'subsidy', 'official_cut', 'member', 'group', 'presale',
                    'subscribe'
                )
                then 'list'
            else 'activity'
        end as base,
    from threshold_terms
    inner join promotions on threshold_terms.promo_id = promotions.promo_id
),

days as (
    select cast(unnest(generate_series($first, $last, interval 1 day)) as date) as day
),

running as (
    select
        terms.term_id,
        terms.store_id,
        terms.scope,
        terms.base,
        terms.threshold,
        days.day,
        greatest(min(terms.starts_at), cast(days.day as timestamp)) as starts_at,
        least(
            max(terms.ends_at) + interval 1 microsecond,
            cast(days.day as timestamp) + interval 1 day
        ) as stops_at,
    from terms
    inner join days
        on
            days.day >= cast(terms.starts_at as date)
            and days.day <= cast(terms.ends_at as date)
    group by
        terms.term_id, terms.store_id, terms.scope, terms.base, terms.threshold, days.day
),

edges as (
    select
        day,
        cast(day as timestamp) as slot_from,
    from days
    union
    select
        day,
        starts_at as slot_from,
    from running
    union
    select
        day,
        stops_at as slot_from,
    from running
    where stops_at < cast(day as timestamp) + interval 1 day
),

slots as (
    select
        day,
        slot_from,
        lead(slot_from, 1, cast(day as timestamp) + interval 1 day) over (
            partition by day order by slot_from
        ) as slot_to,
    from edges
),

placed as (
    select
        running.*,
        slots.slot_from,
        slots.slot_to,
    from running
    inner join slots
        on
            running.day = slots.day
            and running.starts_at <= slots.slot_from
            and running.stops_at > slots.slot_from
),

sets as (
    select
        slot_from,
        string_agg(term_id, '|' order by term_id) as term_ids,
    from placed
    group by slot_from
),

spells as (
    select
        slot_from,
        dense_rank() over (order by term_ids) as spell,
    from sets
),

final as (
    select
        placed.term_id,
        placed.store_id,
        placed.scope,
        placed.base,
        placed.threshold,
        placed.day,
        placed.slot_from,
        placed.slot_to,
        spells.spell,
    from placed
    inner join spells on placed.slot_from = spells.slot_from
)

select * from final
order by term_id, slot_from
