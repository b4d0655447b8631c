-- purpose: the segment of every product in each set that the toml declares; of two that hold it,
--   the one whose value ends further down the path
-- grain: segment_set, sku
-- inputs: products, sku_categories, segment_sets
-- params: none
-- outputs:
--   segment_set varchar, a set of the toml
--   sku varchar, the product
--   segment varchar, the segment that holds it, null = none does
-- source: DATA [segments.<set>]
with declared as (
    select distinct
        segment_set,
        by_column,
    from segment_sets
    where by_column is not null
),

described as (
    select
        declared.segment_set,
        declared.by_column,
        products.sku,
        case declared.by_column
            when 'category' then products.category
            when 'line' then products.line
            else products.sku
        end as name,
        case declared.by_column
            when 'category' then sku_categories.category
            when 'line' then products.line
            else products.sku
        end as top_name,
    from declared
    cross join products
    inner join sku_categories on products.sku = sku_categories.sku
),

-- a set without groups: every value is a segment
held as (
    select
        described.segment_set,
        described.sku,
        coalesce(segment_sets.segment, described.top_name) as segment,
        coalesce(
            strpos(' > ' || described.name || ' > ', ' > ' || segment_sets.value || ' > ')
            + length(segment_sets.value), 0
        ) as ends_at,
    from described
    inner join segment_sets
        on
            described.segment_set = segment_sets.segment_set
            and (
                segment_sets.value is null
                or described.name = segment_sets.value
                or (
                    described.by_column = 'category'
                    and contains(
                        ' > ' || described.name || ' > ', ' > ' || segment_sets.value || ' > '
                    )
                )
            )
),

closest as (
    select
        *,
        row_number() over (
            partition by segment_set, sku
            order by ends_at desc, segment asc
        ) as place,
    from held
),

final as (
    select
        described.segment_set,
        described.sku,
        closest.segment,
    from described
    left join closest
        on
            described.segment_set = closest.segment_set
            and described.sku = closest.sku
            and closest.place = 1
)

select * from final
order by segment_set, sku
