-- purpose: orders of every store against each threshold that some store set, placed while it ran:
--   how many reach it, how many fall just short. A scope's own lines count. Same terms in
--   successive months are one term
-- grain: store_id, term_id, is_own, buyer_group
-- inputs: order_lines, products, running_terms
-- params: first date, last date
-- parts: add
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
with
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
        list_amount - item_discount as activity_amount,
        list_amount - item_discount - shop_discount as after_shop,
        list_amount - item_discount - shop_discount - platform_discount as after_platform,
        list_amount - item_discount - shop_discount - platform_discount - points_discount
            as after_points,
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
        substr(md5(coalesce(min(buyer_id), order_id)), 1, 2) as digest,
        min(ordered_at) as placed_at,
        cast(sum(pieces) as decimal(18, 4)) as pieces,
        cast(sum(list_amount) as decimal(18, 4)) as list_amount,
        cast(sum(activity_amount) as decimal(18, 4)) as activity_amount,
        cast(sum(after_shop) as decimal(18, 4)) as after_shop,
        cast(sum(after_platform) as decimal(18, 4)) as after_platform,
        cast(sum(after_points) as decimal(18, 4)) as after_points,
        cast(sum(paid_amount) as decimal(18, 4)) as paid,
        min(is_told) as is_told,
    from told
    group by store_id, order_id
    having cast(min(ordered_at) as date) >= $first and cast(min(ordered_at) as date) <= $last
),

slots as (
    select distinct
        day,
        slot_from,
        slot_to,
        spell,
    from running_terms
),

placed as (
    select
        orders.*,
        slots.spell,
    from orders
    inner join slots
        on
            cast(orders.placed_at as date) = slots.day
            and orders.placed_at >= slots.slot_from
            and orders.placed_at < slots.slot_to
),

terms as (
    select distinct
        term_id,
        store_id,
        scope,
        base,
        threshold,
        spell,
    from running_terms
),

-- the amounts at which some answer changes: all that a test has to know of an order
marks as (
    select
        base,
        cast(threshold as decimal(18, 5)) as mark,
    from terms
    union
    select
        base,
        cast(threshold * 0.8 as decimal(18, 5)) as mark,
    from terms
    union
    select
        base,
        cast(greatest(threshold - 1, 0.0001) as decimal(18, 5)) as mark,
    from terms
    where base = 'pieces'
),

amounts as (
    select distinct
        'pieces' as base,
        pieces as amount,
    from placed
    union all
    select distinct
        'list' as base,
        list_amount as amount,
    from placed
    union all
    select distinct
        'activity' as base,
        activity_amount as amount,
    from placed
    union all
    select distinct
        'after_shop' as base,
        after_shop as amount,
    from placed
    union all
    select distinct
        'after_platform' as base,
        after_platform as amount,
    from placed
    union all
    select distinct
        'after_points' as base,
        after_points as amount,
    from placed
    union all
    select distinct
        'paid' as base,
        paid as amount,
    from placed
),

floors as (
    select
        amounts.base,
        amounts.amount,
        max(marks.mark) as mark,
    from amounts
    inner join marks on amounts.base = marks.base and amounts.amount >= marks.mark
    group by amounts.base, amounts.amount
),

counted as (
    select
        placed.store_id,
        placed.digest,
        placed.spell,
        placed.is_told,
        pieces_floors.mark as pieces_mark,
        list_floors.mark as list_mark,
        activity_floors.mark as activity_mark,
        after_shop_floors.mark as after_shop_mark,
        after_platform_floors.mark as after_platform_mark,
        after_points_floors.mark as after_points_mark,
        paid_floors.mark as paid_mark,
        count(*) as orders,
    from placed
    left join floors as pieces_floors
        on placed.pieces = pieces_floors.amount and pieces_floors.base = 'pieces'
    left join floors as list_floors
        on placed.list_amount = list_floors.amount and list_floors.base = 'list'
    left join floors as activity_floors
        on placed.activity_amount = activity_floors.amount and activity_floors.base = 'activity'
    left join floors as after_shop_floors
        on placed.after_shop = after_shop_floors.amount and after_shop_floors.base = 'after_shop'
    left join floors as after_platform_floors
        on
            placed.after_platform = after_platform_floors.amount
            and after_platform_floors.base = 'after_platform'
    left join floors as after_points_floors
        on
            placed.after_points = after_points_floors.amount
            and after_points_floors.base = 'after_points'
    left join floors as paid_floors
        on placed.paid = paid_floors.amount and paid_floors.base = 'paid'
    group by
        placed.store_id,
        placed.digest,
        placed.spell,
        placed.is_told,
        pieces_floors.mark,
        list_floors.mark,
        activity_floors.mark,
        after_shop_floors.mark,
        after_platform_floors.mark,
        after_points_floors.mark,
        paid_floors.mark
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
scoped as (
    select told.* from told
    where told.sku in (select covered.sku from covered)
),

in_scope as (
    select
        placed.store_id,
        placed.digest,
        terms.term_id,
        terms.store_id = placed.store_id as is_own,
        terms.base,
        terms.threshold,
        cast(sum(scoped.pieces) as decimal(18, 4)) as pieces,
        cast(sum(scoped.list_amount) as decimal(18, 4)) as list_amount,
        cast(sum(scoped.activity_amount) as decimal(18, 4)) as activity_amount,
        cast(sum(scoped.after_shop) as decimal(18, 4)) as after_shop,
        cast(sum(scoped.after_platform) as decimal(18, 4)) as after_platform,
        cast(sum(scoped.after_points) as decimal(18, 4)) as after_points,
        cast(sum(scoped.paid_amount) as decimal(18, 4)) as paid,
        min(scoped.is_told) as is_told,
    from scoped
    inner join covered on scoped.sku = covered.sku
    inner join placed on scoped.store_id = placed.store_id and scoped.order_id = placed.order_id
    inner join terms on covered.term_id = terms.term_id and placed.spell = terms.spell
    group by
        placed.store_id, placed.order_id, placed.digest, terms.term_id, terms.store_id, terms.base,
        terms.threshold
),

-- of a narrower scope: every order counts, and nothing of it is known to lie in there yet
tested as (
    select
        counted.store_id,
        counted.digest,
        terms.term_id,
        terms.store_id = counted.store_id as is_own,
        terms.base,
        terms.threshold,
        counted.orders,
        case
            when
                terms.scope <> 'store'
                or terms.base in ('pieces', 'list', 'paid')
                or counted.is_told = 1
                then counted.orders
            else 0
        end as known_orders,
        case
            when
                terms.scope = 'store'
                and (terms.base in ('pieces', 'list', 'paid') or counted.is_told = 1)
                then case terms.base
                    when 'pieces' then counted.pieces_mark
                    when 'list' then counted.list_mark
                    when 'activity' then counted.activity_mark
                    when 'after_shop' then counted.after_shop_mark
                    when 'after_platform' then counted.after_platform_mark
                    when 'after_points' then counted.after_points_mark
                    else counted.paid_mark
                end
        end as amount,
        counted.orders as weight,
    from counted
    inner join terms on counted.spell = terms.spell
    union all
    select
        store_id,
        digest,
        term_id,
        is_own,
        base,
        threshold,
        0 as orders,
        case when base in ('pieces', 'list', 'paid') or is_told = 1 then 0 else -1 end
            as known_orders,
        case
            when base in ('pieces', 'list', 'paid') or is_told = 1 then case base
                when 'pieces' then pieces
                when 'list' then list_amount
                when 'activity' then activity_amount
                when 'after_shop' then after_shop
                when 'after_platform' then after_platform
                when 'after_points' then after_points
                else paid
            end
        end as amount,
        1 as weight,
    from in_scope
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
    from tested
),

final as (
    select
        store_id,
        term_id,
        is_own,
        buyer_group,
        cast(sum(orders) as bigint) as orders,
        cast(sum(known_orders) as bigint) as known_orders,
        cast(sum(case when amount >= threshold then weight else 0 end) as bigint) as reached,
        cast(
            sum(
                case
                    when
                        amount < threshold
                        and (
                            amount * 5 >= threshold * 4
                            or (base = 'pieces' and amount > 0 and amount + 1 >= threshold)
                        )
                        then weight
                    else 0
                end
            ) as bigint
        ) as near,
    from grouped
    group by store_id, term_id, is_own, buyer_group
)

select * from final
order by store_id, term_id, is_own, buyer_group
