-- purpose: list value and discount of each store by promotion mechanism and group of buyers; a
--   discounted line's list value is split over its mechanisms by discount money
-- grain: store_id, buyer_group
-- inputs: order_lines
-- params: first date, last date
-- parts: add
-- outputs:
--   store_id varchar, the store
--   buyer_group varchar, one of 64 groups, by md5 of the buyer or, where unknown, of the order
--   lines bigint, order lines
--   discounted_lines bigint, lines with a discount in their price
--   mechanism_lines bigint, sum over lines of how many mechanisms lower their price
--   units decimal(18,3), pieces sold
--   promoted_units decimal(18,3), pieces sold with a discount in their price
--   list_amount decimal(18,4), pieces at list price
--   paid_amount decimal(18,4), what consumers paid
--   platform_amount decimal(18,4), part of the discounts refunded to the merchant, null = not known
--   funding_known_discount decimal(18,4), list minus paid of lines with platform money, null = none
--   unexplained_amount decimal(18,4), list minus discounts minus paid, signed
--   unexplained_size decimal(18,4), its size on lines off by more than 0.01 a piece
--   discount_markdown decimal(18,4), discount by markdown, null = none given
--   discount_flash decimal(18,4), discount by flash, null = none given
--   discount_subsidy decimal(18,4), discount by subsidy, null = none given
--   discount_official_cut decimal(18,4), discount by official_cut, null = none given
--   discount_member decimal(18,4), discount by member, null = none given
--   discount_group decimal(18,4), discount by group, null = none given
--   discount_presale decimal(18,4), discount by presale, null = none given
--   discount_new_customer decimal(18,4), discount by new_customer, null = none given
--   discount_coupon_item decimal(18,4), discount by coupon_item, null = none given
--   discount_coupon_shop decimal(18,4), discount by coupon_shop, null = none given
--   discount_tier_amount decimal(18,4), discount by tier_amount, null = none given
--   discount_tier_qty decimal(18,4), discount by tier_qty, null = none given
--   discount_bundle decimal(18,4), discount by bundle, null = none given
--   discount_gift decimal(18,4), discount by gift, null = none given
--   discount_tier_cross decimal(18,4), discount by tier_cross, null = none given
--   discount_coupon_platform decimal(18,4), discount by coupon_platform, null = none given
--   discount_points decimal(18,4), discount by points, null = none given
--   discount_redpack decimal(18,4), discount by redpack, null = none given
--   discount_shipping decimal(18,4), discount by shipping, null = none given
--   discount_subscribe decimal(18,4), discount by subscribe, null = none given
--   discount_cashback decimal(18,4), discount by cashback, null = none given
--   discount_trade_in decimal(18,4), discount by trade_in, null = none given
--   list_none decimal(18,4), list value of lines without a discount
--   list_unexplained decimal(18,4), list value of discounted lines that no mechanism explains
--   list_markdown decimal(18,4), list value that markdown stands for, null = none
--   list_flash decimal(18,4), list value that flash stands for, null = none
--   list_subsidy decimal(18,4), list value that subsidy stands for, null = none
--   list_official_cut decimal(18,4), list value that official_cut stands for, null = none
--   list_member decimal(18,4), list value that member stands for, null = none
--   list_group decimal(18,4), list value that group stands for, null = none
--   list_presale decimal(18,4), list value that presale stands for, null = none
--   list_new_customer decimal(18,4), list value that new_customer stands for, null = none
--   list_coupon_item decimal(18,4), list value that coupon_item stands for, null = none
--   list_coupon_shop decimal(18,4), list value that coupon_shop stands for, null = none
--   list_tier_amount decimal(18,4), list value that tier_amount stands for, null = none
--   list_tier_qty decimal(18,4), list value that tier_qty stands for, null = none
--   list_bundle decimal(18,4), list value that bundle stands for, null = none
--   list_tier_cross decimal(18,4), list value that tier_cross stands for, null = none
--   list_coupon_platform decimal(18,4), list value that coupon_platform stands for, null = none
--   list_points decimal(18,4), list value that points stands for, null = none
--   list_redpack decimal(18,4), list value that redpack stands for, null = none
--   list_subscribe decimal(18,4), list value that subscribe stands for, null = none
-- source: METHODS 3, DATA "Identity checked on every row"
with lines as (
    select
        store_id,
        md5(coalesce(buyer_id, order_id)) as digest,
        qty,
        cast(
            round(cast(qty as double) * cast(list_price as double), 4) as decimal(18, 4)
        ) as list_amount,
        paid_amount,
        platform_amount,
        discount_markdown,
        discount_flash,
        discount_subsidy,
        discount_official_cut,
        discount_member,
        discount_group,
        discount_presale,
        discount_new_customer,
        discount_coupon_item,
        discount_coupon_shop,
        discount_tier_amount,
        discount_tier_qty,
        discount_bundle,
        discount_gift,
        discount_tier_cross,
        discount_coupon_platform,
        discount_points,
        discount_redpack,
        discount_shipping,
        discount_subscribe,
        discount_cashback,
        discount_trade_in,
        coalesce(discount_markdown, 0)
        + coalesce(discount_flash, 0)
        + coalesce(discount_subsidy, 0)
        + coalesce(discount_official_cut, 0)
        + coalesce(discount_member, 0)
        + coalesce(discount_group, 0)
        + coalesce(discount_presale, 0)
        + coalesce(discount_new_customer, 0)
        + coalesce(discount_coupon_item, 0)
        + coalesce(discount_coupon_shop, 0)
        + coalesce(discount_tier_amount, 0)
        + coalesce(discount_tier_qty, 0)
        + coalesce(discount_bundle, 0)
        + coalesce(discount_tier_cross, 0)
        + coalesce(discount_coupon_platform, 0)
        + coalesce(discount_points, 0)
        + coalesce(discount_redpack, 0)
        + coalesce(discount_subscribe, 0)
            as explained,
        case when discount_markdown > 0 then 1 else 0 end
        + case when discount_flash > 0 then 1 else 0 end
        + case when discount_subsidy > 0 then 1 else 0 end
        + case when discount_official_cut > 0 then 1 else 0 end
        + case when discount_member > 0 then 1 else 0 end
        + case when discount_group > 0 then 1 else 0 end
        + case when discount_presale > 0 then 1 else 0 end
        + case when discount_new_customer > 0 then 1 else 0 end
        + case when discount_coupon_item > 0 then 1 else 0 end
        + case when discount_coupon_shop > 0 then 1 else 0 end
        + case when discount_tier_amount > 0 then 1 else 0 end
        + case when discount_tier_qty > 0 then 1 else 0 end
        + case when discount_bundle > 0 then 1 else 0 end
        + case when discount_tier_cross > 0 then 1 else 0 end
        + case when discount_coupon_platform > 0 then 1 else 0 end
        + case when discount_points > 0 then 1 else 0 end
        + case when discount_redpack > 0 then 1 else 0 end
        + case when discount_subscribe > 0 then 1 else 0 end
            as mechanism_count,
    from order_lines
    where
        not coalesce(is_excluded, false)
        and cast(ordered_at as date) >= $first
        and cast(ordered_at as date) <= $last
),

rests as (
    select
        *,
        substr(digest, 1, 1) || case
            when substr(digest, 2, 1) < '4' then 'a'
            when substr(digest, 2, 1) < '8' then 'b'
            when substr(digest, 2, 1) < 'c' then 'c'
            else 'd'
        end as buyer_group,
        list_amount - explained - paid_amount as rest,
        case
            when 100 * (list_amount - explained - paid_amount) > qty
                then list_amount - explained - paid_amount
            else 0
        end as unexplained_discount,
    from lines
),

shares as (
    select
        *,
        cast(list_amount as double)
        / nullif(cast(explained + unexplained_discount as double), 0) as list_per_discount,
    from rests
),

final as (
    select
        store_id,
        buyer_group,
        cast(count(*) as bigint) as lines,
        cast(count(list_per_discount) as bigint) as discounted_lines,
        cast(sum(mechanism_count) as bigint) as mechanism_lines,
        cast(sum(qty) as decimal(18, 3)) as units,
        cast(
            sum(case when list_per_discount is not null then qty else 0 end) as decimal(18, 3)
        ) as promoted_units,
        cast(sum(list_amount) as decimal(18, 4)) as list_amount,
        cast(sum(paid_amount) as decimal(18, 4)) as paid_amount,
        cast(sum(platform_amount) as decimal(18, 4)) as platform_amount,
        cast(
            sum(case when platform_amount is not null then list_amount - paid_amount end)
            as decimal(18, 4)
        ) as funding_known_discount,
        cast(sum(rest) as decimal(18, 4)) as unexplained_amount,
        cast(
            sum(
                case
                    when 100 * abs(rest) > qty then abs(rest)
                    else 0
                end
            ) as decimal(18, 4)
        ) as unexplained_size,
        cast(sum(discount_markdown) as decimal(18, 4)) as discount_markdown,
        cast(sum(discount_flash) as decimal(18, 4)) as discount_flash,
        cast(sum(discount_subsidy) as decimal(18, 4)) as discount_subsidy,
        cast(sum(discount_official_cut) as decimal(18, 4)) as discount_official_cut,
        cast(sum(discount_member) as decimal(18, 4)) as discount_member,
        cast(sum(discount_group) as decimal(18, 4)) as discount_group,
        cast(sum(discount_presale) as decimal(18, 4)) as discount_presale,
        cast(sum(discount_new_customer) as decimal(18, 4)) as discount_new_customer,
        cast(sum(discount_coupon_item) as decimal(18, 4)) as discount_coupon_item,
        cast(sum(discount_coupon_shop) as decimal(18, 4)) as discount_coupon_shop,
        cast(sum(discount_tier_amount) as decimal(18, 4)) as discount_tier_amount,
        cast(sum(discount_tier_qty) as decimal(18, 4)) as discount_tier_qty,
        cast(sum(discount_bundle) as decimal(18, 4)) as discount_bundle,
        cast(sum(discount_gift) as decimal(18, 4)) as discount_gift,
        cast(sum(discount_tier_cross) as decimal(18, 4)) as discount_tier_cross,
        cast(sum(discount_coupon_platform) as decimal(18, 4)) as discount_coupon_platform,
        cast(sum(discount_points) as decimal(18, 4)) as discount_points,
        cast(sum(discount_redpack) as decimal(18, 4)) as discount_redpack,
        cast(sum(discount_shipping) as decimal(18, 4)) as discount_shipping,
        cast(sum(discount_subscribe) as decimal(18, 4)) as discount_subscribe,
        cast(sum(discount_cashback) as decimal(18, 4)) as discount_cashback,
        cast(sum(discount_trade_in) as decimal(18, 4)) as discount_trade_in,
        cast(
            sum(case when list_per_discount is null then list_amount else 0 end) as decimal(18, 4)
        ) as list_none,
        cast(
            sum(
                cast(
                    round(cast(unexplained_discount as double) * coalesce(list_per_discount, 0), 4)
                    as decimal(18, 4)
                )
            ) as decimal(18, 4)
        ) as list_unexplained,
        cast(
            sum(
                cast(
                    round(cast(discount_markdown as double) * list_per_discount, 4)
                    as decimal(18, 4)
                )
            ) as decimal(18, 4)
        ) as list_markdown,
        cast(
            sum(
                cast(
                    round(cast(discount_flash as double) * list_per_discount, 4)
                    as decimal(18, 4)
                )
            ) as decimal(18, 4)
        ) as list_flash,
        cast(
            sum(
                cast(
                    round(cast(discount_subsidy as double) * list_per_discount, 4)
                    as decimal(18, 4)
                )
            ) as decimal(18, 4)
        ) as list_subsidy,
        cast(
            sum(
                cast(
                    round(cast(discount_official_cut as double) * list_per_discount, 4)
                    as decimal(18, 4)
                )
            ) as decimal(18, 4)
        ) as list_official_cut,
        cast(
            sum(
                cast(
                    round(cast(discount_member as double) * list_per_discount, 4)
                    as decimal(18, 4)
                )
            ) as decimal(18, 4)
        ) as list_member,
        cast(
            sum(
                cast(
                    round(cast(discount_group as double) * list_per_discount, 4)
                    as decimal(18, 4)
                )
            ) as decimal(18, 4)
        ) as list_group,
        cast(
            sum(
                cast(
                    round(cast(discount_presale as double) * list_per_discount, 4)
                    as decimal(18, 4)
                )
            ) as decimal(18, 4)
        ) as list_presale,
        cast(
            sum(
                cast(
                    round(cast(discount_new_customer as double) * list_per_discount, 4)
                    as decimal(18, 4)
                )
            ) as decimal(18, 4)
        ) as list_new_customer,
        cast(
            sum(
                cast(
                    round(cast(discount_coupon_item as double) * list_per_discount, 4)
                    as decimal(18, 4)
                )
            ) as decimal(18, 4)
        ) as list_coupon_item,
        cast(
            sum(
                cast(
                    round(cast(discount_coupon_shop as double) * list_per_discount, 4)
                    as decimal(18, 4)
                )
            ) as decimal(18, 4)
        ) as list_coupon_shop,
        cast(
            sum(
                cast(
                    round(cast(discount_tier_amount as double) * list_per_discount, 4)
                    as decimal(18, 4)
                )
            ) as decimal(18, 4)
        ) as list_tier_amount,
        cast(
            sum(
                cast(
                    round(cast(discount_tier_qty as double) * list_per_discount, 4)
                    as decimal(18, 4)
                )
            ) as decimal(18, 4)
        ) as list_tier_qty,
        cast(
            sum(
                cast(
                    round(cast(discount_bundle as double) * list_per_discount, 4)
                    as decimal(18, 4)
                )
            ) as decimal(18, 4)
        ) as list_bundle,
        cast(
            sum(
                cast(
                    round(cast(discount_tier_cross as double) * list_per_discount, 4)
                    as decimal(18, 4)
                )
            ) as decimal(18, 4)
        ) as list_tier_cross,
        cast(
            sum(
                cast(
                    round(cast(discount_coupon_platform as double) * list_per_discount, 4)
                    as decimal(18, 4)
                )
            ) as decimal(18, 4)
        ) as list_coupon_platform,
        cast(
            sum(
                cast(
                    round(cast(discount_points as double) * list_per_discount, 4)
                    as decimal(18, 4)
                )
            ) as decimal(18, 4)
        ) as list_points,
        cast(
            sum(
                cast(
                    round(cast(discount_redpack as double) * list_per_discount, 4)
                    as decimal(18, 4)
                )
            ) as decimal(18, 4)
        ) as list_redpack,
        cast(
            sum(
                cast(
                    round(cast(discount_subscribe as double) * list_per_discount, 4)
                    as decimal(18, 4)
                )
            ) as decimal(18, 4)
        ) as list_subscribe,
    from shares
    group by store_id, buyer_group
)

select * from final
order by store_id, buyer_group
