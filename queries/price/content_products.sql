-- purpose: products whose content is known, and which of them are packs of the same product:
--   same category, line and unit, and the same title but for its sizes and numbers of pieces
-- grain: sku
-- inputs: products
-- params: none
-- outputs:
--   sku varchar, the pack as it is sold
--   product varchar, the first sku of the packs of the same product
--   unit varchar, g, ml, or content_piece where the content is counted
--   unit_size double, how much of it one pack holds
-- source: METHODS 2, DATA products; a number goes from the title only with a unit behind it or as
--   a multiplier, so that 24 cm and 28 cm stay two products
with sized as (
    select
        sku,
        category,
        line,
        case unit when 'piece' then 'content_piece' else unit end as unit,
        unit_size,
        regexp_replace(
            lower(title),
            '[x×*]\s*[0-9]+'
            || '|[0-9]+([.,][0-9]+)?\s*((ml|l|kg|g|pcs|pc|pieces|piece|packs|pack)\b'
            || '|毫升|升|千克|公斤|克|件套|件|片|只|支|个|包|袋|盒|瓶|罐|条|双)'
            || '|\s',
            '',
            'g'
        ) as name,
    from products
    where unit_size > 0 and unit in ('g', 'ml', 'piece')
),

final as (
    select
        sku,
        min(sku) over (partition by category, line, unit, name) as product,
        unit,
        unit_size,
    from sized
)

select * from final
order by sku
