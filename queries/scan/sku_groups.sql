-- purpose: units and money of each store and product by group of buyers, so that intervals of
--   product mix can delete buyers
-- grain: store_id, sku, buyer_group
-- inputs: order_lines
-- params: first date, last date, add_platform boolean, less_refunds boolean
-- parts: add
-- outputs:
--   store_id varchar, the store
--   sku varchar, the product
--   buyer_group varchar, one of 64 groups, by md5 of the buyer or, where unknown, of the order
--   units decimal(18,3), pieces sold
--   sales decimal(18,4), paid amount on the chosen basis
--   paid_amount decimal(18,4), what consumers paid
--   platform_amount decimal(18,4), part of the discounts refunded to the merchant, null = not known
--   refunded_amount decimal(18,4), money given back, null = not known
--   full_price_amount decimal(18,4), paid for lines at 90% of list or more
-- source: METHODS rule 5
with lines as (
    select
        store_id,
        sku,
        substr(md5(coalesce(buyer_id, order_id)), 1, 2) as digest,
        qty,
        paid_amount
        + case when $add_platform then coalesce(platform_amount, 0) else 0 end
        - case when $less_refunds then coalesce(refunded_amount, 0) else 0 end as sales,
        paid_amount,
        platform_amount,
        refunded_amount,
        case
            when
                10 * paid_amount
                >= 9 * cast(
                    round(cast(qty as double) * cast(list_price as double), 4) as decimal(18, 4)
                )
                then paid_amount
            else 0
        end as full_price_amount,
    from order_lines
    where
        not coalesce(is_excluded, false)
        and cast(ordered_at as date) >= $first
        and cast(ordered_at as date) <= $last
),

summed as (
    select
        store_id,
        sku,
        digest,
        sum(qty) as units,
        sum(sales) as sales,
        sum(paid_amount) as paid_amount,
        sum(platform_amount) as platform_amount,
        sum(refunded_amount) as refunded_amount,
        sum(full_price_amount) as full_price_amount,
    from lines
    group by store_id, sku, digest
),

grouped as (
    select
        *,
        substr(digest, 1, 1) || case
            when substr(digest, 2, 1) < '4' then 'a'
            when substr(digest, 2, 1) < '8' then 'b'
            when substr(digest, 2, 1) < 'c' then 'c'
            else 'd'
        end as buyer_group,
    from summed
),

final as (
    select
        store_id,
        sku,
        buyer_group,
        cast(sum(units) as decimal(18, 3)) as units,
        cast(sum(sales) as decimal(18, 4)) as sales,
        cast(sum(paid_amount) as decimal(18, 4)) as paid_amount,
        cast(sum(platform_amount) as decimal(18, 4)) as platform_amount,
        cast(sum(refunded_amount) as decimal(18, 4)) as refunded_amount,
        cast(sum(full_price_amount) as decimal(18, 4)) as full_price_amount,
    from grouped
    group by store_id, sku, buyer_group
)

select * from final
order by store_id, sku, buyer_group
