-- purpose: orders of every store against each threshold that some store set, placed while it ran:
--   how many reach it, how many fall just short. A scope's own lines count, on the stated base,
--   else on the usual one: list at the item level, activity at shop and platform, running for
--   points, payment and what stands beside the price. Of an order that is paid, running is list
--   at the item level, activity at the shop, what the levels before left for platform, points and
--   payment, and for what stands beside the price what was paid. Same terms in successive months
--   are one term; where one runs twice in a day, it is taken to run between as well
-- grain: store_id, term_id, is_own, buyer_group
-- inputs: order_lines, promotions, products, threshold_terms
-- params: first date, last date
-- outputs:
--   store_id varchar, the store whose orders are counted
--   term_id varchar, the first promo_id among the promotions of a store that have the same terms
--   is_own boolean, whether it is that store
--   buyer_group varchar, one of 64 groups, by md5 of the buyer or, where unknown, of the order
--   orders bigint, orders placed while it ran
--   known_orders bigint, of these, what is tested is known: discounts add up or do not matter
--   reached bigint, of the known, those that reach the threshold
--   near bigint, of the known, those less than a fifth, or up to one piece, below it
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

-- a day more on either side: an order paid over midnight belongs, whole, to its first day
lines as (
    select
        store_id,
        order_id,
        buyer_id,
        sku,
        ordered_at,
        cast(ordered_at as date) as day,
        cast(qty as decimal(18, 4)) as pieces,
        cast(
            round(cast(qty as double) * cast(list_price as double), 4) as decimal(18, 4)
        ) as list_amount,
        coalesce(discount_markdown, 0)
        + coalesce(discount_flash, 0)
        + coalesce(discount_subsidy, 0)
        + coalesce(discount_official_cut, 0)
        + coalesce(discount_member, 0)
        + coalesce(discount_group, 0)
        + coalesce(discount_presale, 0)
        + coalesce(discount_subscribe, 0)
            as item_discount,
        coalesce(discount_new_customer, 0)
        + coalesce(discount_coupon_item, 0)
        + coalesce(discount_coupon_shop, 0)
        + coalesce(discount_tier_amount, 0)
        + coalesce(discount_tier_qty, 0)
        + coalesce(discount_bundle, 0)
            as shop_discount,
        coalesce(discount_tier_cross, 0) + coalesce(discount_coupon_platform, 0)
            as platform_discount,
        coalesce(discount_points, 0) as points_discount,
        coalesce(discount_redpack, 0) as redpack_discount,
        paid_amount,
    from order_lines
    where
        not coalesce(is_excluded, false)
        and ordered_at >= cast($first as timestamp) - interval '1' day
        and ordered_at < cast($last as timestamp) + interval '2' day
),

told as (
    select
        *,
        case
            when
                abs(
                    list_amount
                    - item_discount
                    - shop_discount
                    - platform_discount
                    - points_discount
                    - redpack_discount
                    - paid_amount
                ) * 100 <= pieces
                then 1
            else 0
        end as is_told,
    from lines
),

orders as (
    select
        store_id,
        order_id,
        md5(coalesce(min(buyer_id), order_id)) as digest,
        min(ordered_at) as placed_at,
        cast(min(ordered_at) as date) as day,
        sum(pieces) as pieces,
        sum(list_amount) as list_amount,
        sum(list_amount - item_discount) as activity_amount,
        sum(list_amount - item_discount - shop_discount) as after_shop,
        sum(list_amount - item_discount - shop_discount - platform_discount) as after_platform,
        sum(
            list_amount - item_discount - shop_discount - platform_discount - points_discount
        ) as after_points,
        sum(paid_amount) as paid,
        min(is_told) as is_told,
    from told
    group by store_id, order_id
    having cast(min(ordered_at) as date) >= $first and cast(min(ordered_at) as date) <= $last
),

days as (
    select distinct day
    from orders
),

-- one row a term and day, so that no order meets a term twice
running as (
    select
        terms.term_id,
        terms.store_id,
        terms.base,
        terms.threshold,
        terms.scope,
        days.day,
        min(terms.starts_at) as starts_at,
        max(terms.ends_at) as ends_at,
    from terms
    cross join days
    where
        days.day >= cast(terms.starts_at as date)
        and days.day <= cast(terms.ends_at as date)
    group by
        terms.term_id, terms.store_id, terms.base, terms.threshold, terms.scope, days.day
),

covered as (
    select distinct
        terms.term_id,
        products.sku,
    from terms
    cross join products
    where
        (
            substr(terms.scope, 1, 4) = 'sku:'
            and position('|' || products.sku || '|' in '|' || substr(terms.scope, 5) || '|') > 0
        )
        or (
            substr(terms.scope, 1, 9) = 'category:'
            and position(
                substr(terms.scope, 10) || ' > ' in products.category || ' > '
            ) = 1
        )
),

-- what lies in a narrower scope: few lines
in_scope as (
    select
        told.store_id,
        told.order_id,
        covered.term_id,
        sum(told.pieces) as pieces,
        sum(told.list_amount) as list_amount,
        sum(told.list_amount - told.item_discount) as activity_amount,
        sum(told.list_amount - told.item_discount - told.shop_discount) as after_shop,
        sum(
            told.list_amount - told.item_discount - told.shop_discount - told.platform_discount
        ) as after_platform,
        sum(
            told.list_amount
            - told.item_discount
            - told.shop_discount
            - told.platform_discount
            - told.points_discount
        ) as after_points,
        sum(told.paid_amount) as paid,
        min(told.is_told) as is_told,
    from told
    inner join covered on told.sku = covered.sku
    inner join running on covered.term_id = running.term_id and told.day = running.day
    group by told.store_id, told.order_id, covered.term_id
),

tested as (
    select
        orders.store_id,
        orders.digest,
        running.term_id,
        running.store_id = orders.store_id as is_own,
        running.base,
        running.threshold,
        1 as orders,
        orders.pieces,
        orders.list_amount,
        orders.activity_amount,
        orders.after_shop,
        orders.after_platform,
        orders.after_points,
        orders.paid,
        orders.is_told,
    from orders
    inner join running on orders.day = running.day
    where
        running.scope = 'store'
        and orders.placed_at >= running.starts_at
        and orders.placed_at <= running.ends_at
    union all
    select
        orders.store_id,
        orders.digest,
        running.term_id,
        running.store_id = orders.store_id as is_own,
        running.base,
        running.threshold,
        1 as orders,
        coalesce(in_scope.pieces, 0) as pieces,
        coalesce(in_scope.list_amount, 0) as list_amount,
        coalesce(in_scope.activity_amount, 0) as activity_amount,
        coalesce(in_scope.after_shop, 0) as after_shop,
        coalesce(in_scope.after_platform, 0) as after_platform,
        coalesce(in_scope.after_points, 0) as after_points,
        coalesce(in_scope.paid, 0) as paid,
        coalesce(in_scope.is_told, 1) as is_told,
    from orders
    inner join running on orders.day = running.day
    left join in_scope
        on
            orders.store_id = in_scope.store_id
            and orders.order_id = in_scope.order_id
            and running.term_id = in_scope.term_id
    where
        running.scope <> 'store'
        and orders.placed_at >= running.starts_at
        and orders.placed_at <= running.ends_at
),

amounts as (
    select
        store_id,
        term_id,
        is_own,
        substr(digest, 1, 1) || case
            when substr(digest, 2, 1) < '4' then 'a'
            when substr(digest, 2, 1) < '8' then 'b'
            when substr(digest, 2, 1) < 'c' then 'c'
            else 'd'
        end as buyer_group,
        base,
        threshold,
        case base
            when 'pieces' then pieces
            when 'list' then list_amount
            when 'activity' then activity_amount
            when 'after_shop' then after_shop
            when 'after_platform' then after_platform
            when 'after_points' then after_points
            else paid
        end as amount,
        base in ('pieces', 'list', 'paid') or is_told = 1 as is_known,
    from tested
),

final as (
    select
        store_id,
        term_id,
        is_own,
        buyer_group,
        cast(count(*) as bigint) as orders,
        cast(count(case when is_known then 1 end) as bigint) as known_orders,
        cast(count(case when is_known and amount >= threshold then 1 end) as bigint) as reached,
        cast(
            count(
                case
                    when
                        is_known
                        and amount < threshold
                        and (
                            amount * 5 >= threshold * 4
                            or (base = 'pieces' and amount > 0 and amount + 1 >= threshold)
                        )
                        then 1
                end
            ) as bigint
        ) as near,
    from amounts
    group by store_id, term_id, is_own, buyer_group
)

select * from final
order by store_id, term_id, is_own, buyer_group
