-- purpose: the list price of products in each store at a moment: the last one that an order or the
--   shelf showed until then
-- grain: store_id, sku
-- inputs: order_lines, price_snapshots
-- params: at timestamp, since timestamp, skus varchar
-- outputs:
--   store_id varchar, the store
--   sku varchar, one of the products of skus, in which they are separated by |
--   list_price decimal(18,4), of one piece
--   seen_at timestamp, when it was seen, not before since
--   is_listed boolean, whether the product was on the shelf then
-- source: METHODS 3, DATA order_lines.list_price
with seen as (
    select
        store_id,
        sku,
        ordered_at as seen_at,
        list_price,
        true as is_listed,
        1 as turn,
    from order_lines
    where
        not coalesce(is_excluded, false)
        and ordered_at >= $since
        and ordered_at <= $at
    union all
    select
        store_id,
        sku,
        observed_at as seen_at,
        list_price,
        coalesce(listed, true) as is_listed,
        2 as turn,
    from price_snapshots
    where observed_at >= $since and observed_at <= $at
),

final as (
    select
        store_id,
        sku,
        list_price,
        seen_at,
        is_listed,
    from seen
    where list_contains(string_split($skus, '|'), sku)
    qualify row_number() over (
        partition by store_id, sku order by seen_at desc, turn asc, list_price desc
    ) = 1
)

select * from final
order by store_id, sku
