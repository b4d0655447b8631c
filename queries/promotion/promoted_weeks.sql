-- purpose: days of each week on which a mechanism takes more off a product than off all products of
--   its store: what covers the whole store alike tells nothing, for no product is left to compare
-- grain: store_id, mechanism, sku, week_start
-- inputs: promotions, sku_weeks, products
-- params: first date, last date
-- outputs:
--   store_id varchar, the store
--   mechanism varchar, mechanism code
--   sku varchar, a product of the store
--   week_start date, Monday of the week
--   promoted_days bigint, days of the week, 1 to 7
-- source: METHODS 3 "Lift", DATA promotions
with carried as (
    select
        sku_weeks.store_id,
        sku_weeks.sku,
        any_value(products.category) as category,
        cast(sum(sku_weeks.list_amount) as double)
        / nullif(cast(sum(sku_weeks.units) as double), 0) as list_price,
        count(*) over (partition by sku_weeks.store_id) as carried_skus,
    from sku_weeks
    left join products on sku_weeks.sku = products.sku
    group by sku_weeks.store_id, sku_weeks.sku
),

running as (
    select
        store_id,
        mechanism,
        case when scope like 'category:%' then substring(scope, 10) end as category,
        case when scope like 'sku:%' then string_split(substring(scope, 5), '|') end as skus,
        threshold_kind,
        cast(threshold as double) as threshold,
        benefit_kind,
        cast(benefit as double) as benefit,
        case
            when benefit_kind = 'rate' then cast(benefit as double)
            when benefit_kind = 'amount' and threshold_kind = 'amount'
                then cast(benefit as double) / nullif(cast(threshold as double), 0)
        end as depth,
        greatest(cast(starts_at as date), $first) as first_day,
        least(cast(ends_at as date), $last) as last_day,
    from promotions
),

-- terms that nothing is known of, such as gifts, are taken to be deeper than any that are known
store_wide as (
    select
        store_id,
        mechanism,
        day,
        max(depth) as depth,
    from (
        select
            store_id,
            mechanism,
            coalesce(depth, 1) as depth,
            unnest(range(first_day, last_day + 1, interval 1 day)) as day,
        from running
        where category is null and skus is null
    ) as days
    group by store_id, mechanism, day
),

narrower as (
    select
        running.store_id,
        running.mechanism,
        carried.sku,
        carried.carried_skus,
        running.first_day,
        running.last_day,
        coalesce(
            running.depth,
            case
                when running.benefit_kind = 'price'
                    then 1 - running.benefit / nullif(carried.list_price, 0)
                when running.benefit_kind = 'amount' and running.threshold_kind = 'qty'
                    then running.benefit / nullif(running.threshold * carried.list_price, 0)
                when running.benefit_kind = 'amount'
                    then running.benefit / nullif(carried.list_price, 0)
            end,
            1
        ) as depth,
    from running
    inner join carried
        on
            running.store_id = carried.store_id
            and (
                starts_with(carried.category || ' > ', running.category || ' > ')
                or list_contains(running.skus, carried.sku)
            )
),

by_day as (
    select
        store_id,
        mechanism,
        sku,
        carried_skus,
        day,
        max(depth) as depth,
    from (
        select
            *,
            unnest(range(first_day, last_day + 1, interval 1 day)) as day,
        from narrower
    ) as days
    group by store_id, mechanism, sku, carried_skus, day
),

compared as (
    select
        by_day.*,
        greatest(
            coalesce(store_wide.depth, 0),
            case
                when
                    count(*) over (partition by by_day.store_id, by_day.mechanism, by_day.day)
                    = by_day.carried_skus
                    then
                        min(by_day.depth) over (
                            partition by by_day.store_id, by_day.mechanism, by_day.day
                        )
                else 0
            end
        ) as depth_of_all,
    from by_day
    left join store_wide
        on
            by_day.store_id = store_wide.store_id
            and by_day.mechanism = store_wide.mechanism
            and by_day.day = store_wide.day
),

-- terms of single products or categories that differ by three points at most are one and the same
final as (
    select
        store_id,
        mechanism,
        sku,
        cast(date_trunc('week', day) as date) as week_start,
        cast(count(*) as bigint) as promoted_days,
    from compared
    where depth - depth_of_all > 0.03
    group by store_id, mechanism, sku, cast(date_trunc('week', day) as date)
)

select * from final
order by store_id, mechanism, sku, week_start
