-- purpose: how often and how far each store's prices lie below the suggested ones, why and by whose
--   money: over all products, and on the six products with most days below; days of gap to the
--   reference where no suggested price is known
-- grain: rank, store_id
-- inputs: price_gaps, priced_days, metrics, products, scope_stores
-- params: none
-- outputs:
--   sku varchar, the product; all of all products
--   title varchar, its name, null of all products
--   store_id varchar, the store
--   days bigint, days with a price on the rung
--   days_gap bigint, of these more than 3% below the reference store's price
--   days_below bigint, of these more than 1% below the suggested price, null = none is known
--   days_own bigint, of the days below those whose gap is the store's own
--   share double, days below / days; of all products as the metric has it
--   depth double, mean shortfall below the suggested price over the days below
--   cause_mechanism varchar, what makes most days below (else of gap), null = not known
--   funder varchar, whose money most of them are: merchant, platform or shared, null = not known
--   rank bigint, 0 = all products, then most days below first
-- source: METHODS 2 "Price order"
with gaps as (
    select
        sku,
        store_id,
        rung,
        cause_mechanism,
        funder,
        days_gap,
        days_below,
        days_own,
        depth,
        shortfall_amount,
        coalesce(days_below, days_gap) as days_low,
    from price_gaps
),

shown_rung as (
    select min(rung) as rung
    from price_gaps
),

ranked as (
    select
        sku,
        row_number() over (
            order by sum(days_low) desc, sum(shortfall_amount) desc nulls last, sku asc
        ) as rank,
    from gaps
    group by sku
    qualify rank <= 6
),

placed as (
    select
        gaps.*,
        ranked.rank,
    from gaps
    inner join ranked on gaps.sku = ranked.sku
    union all
    select
        gaps.*,
        0 as rank,
    from gaps
),

causes as (
    select
        rank,
        store_id,
        cause_mechanism,
        funder,
        row_number() over (
            partition by rank, store_id
            order by sum(days_low) desc, sum(days_gap) desc, funder asc, cause_mechanism asc
        ) as turn,
    from placed
    group by rank, store_id, cause_mechanism, funder
    qualify turn = 1
),

sums as (
    select
        rank,
        store_id,
        sum(days_gap) as days_gap,
        sum(days_below) as days_below,
        sum(days_own) as days_own,
        sum(depth * days_below) / nullif(cast(sum(days_below) as double), 0) as depth,
    from placed
    group by rank, store_id
),

on_rung as (
    select
        priced_days.sku,
        priced_days.store_id,
        priced_days.days,
    from priced_days
    inner join shown_rung on priced_days.rung = shown_rung.rung
),

spans as (
    select
        on_rung.store_id,
        on_rung.sku,
        ranked.rank,
        on_rung.days,
    from on_rung
    inner join ranked on on_rung.sku = ranked.sku
    union all
    select
        store_id,
        null as sku,
        0 as rank,
        sum(days) as days,
    from on_rung
    group by store_id
),

shares as (
    select
        store_id,
        max(case when metric = 'below_suggested_share' then value end) as share,
    from metrics
    group by store_id
),

final as (
    select
        coalesce(spans.sku, 'all') as sku,
        products.title,
        spans.store_id,
        cast(spans.days as bigint) as days,
        cast(coalesce(sums.days_gap, 0) as bigint) as days_gap,
        cast(
            case
                when products.suggested_price > 0 or (spans.rank = 0 and shares.share is not null)
                    then coalesce(sums.days_below, 0)
            end as bigint
        ) as days_below,
        cast(
            case
                when products.suggested_price > 0 or (spans.rank = 0 and shares.share is not null)
                    then coalesce(sums.days_own, 0)
            end as bigint
        ) as days_own,
        case
            when spans.rank = 0 then shares.share
            when products.suggested_price > 0
                then coalesce(sums.days_below, 0) / nullif(cast(spans.days as double), 0)
        end as share,
        sums.depth,
        causes.cause_mechanism,
        causes.funder,
        cast(spans.rank as bigint) as rank,
        scope_stores.position,
    from spans
    inner join scope_stores on spans.store_id = scope_stores.store_id
    left join products on spans.sku = products.sku
    left join shares on spans.store_id = shares.store_id
    left join sums on spans.rank = sums.rank and spans.store_id = sums.store_id
    left join causes on spans.rank = causes.rank and spans.store_id = causes.store_id
)

select * exclude (position) from final
order by rank, position
