-- purpose: regions in which a store may sell that no delivery of any store names: another spelling,
--   or another separator, would make every order there one from outside. Only of stores of which
--   it is known where they shipped
-- grain: row_no, column_name
-- inputs: stores, shipped_places
-- params: none
-- outputs:
--   row_no bigint, row of the table
--   column_name varchar, column that breaks the rule
--   value varchar, the store, its unknown regions, and in brackets what they may mean
--   money decimal(18,4), null: the table has no money
-- table: stores
-- severity: warn
-- rule: names that stand in order_lines.ship_region, separated by |
-- advice: spell regions as ship_region does, separate several by |, and leave out those to which
--   nothing is ever shipped; until then nothing is said of what the store ships elsewhere
-- source: DATA stores.regions and order_lines.ship_region
with places as (
    select * from shipped_places
),

shipped as (
    select region
    from places
    group by region
),

placed as (
    select store_id
    from places
    group by store_id
),

listed as (
    select
        stores._row as row_no,
        stores.store_id,
        unnest(string_split(stores.regions, '|')) as part,
        generate_subscripts(string_split(stores.regions, '|'), 1) as place,
    from stores
    inner join placed on stores.store_id = placed.store_id
),

unknown as (
    select
        listed.row_no,
        listed.store_id,
        listed.place,
        trim(listed.part) as region,
    from listed
    left join shipped on trim(listed.part) = shipped.region
    where trim(listed.part) <> '' and shipped.region is null
),

near as (
    select
        unknown.row_no,
        unknown.place,
        arg_min(
            shipped.region,
            struct_pack(
                away := levenshtein(lower(shipped.region), lower(unknown.region)),
                region := shipped.region
            )
        ) as region,
    from unknown
    inner join shipped
        on
            starts_with(lower(unknown.region), lower(shipped.region))
            or starts_with(lower(shipped.region), lower(unknown.region))
    where not regexp_matches(unknown.region, '[,，、;；/]')
    group by unknown.row_no, unknown.place
),

final as (
    select
        unknown.row_no,
        'regions' as column_name,
        unknown.store_id || ': ' || string_agg(
            unknown.region || coalesce(' (' || near.region || '?)', ''), ', '
            order by unknown.place
        ) as value,
        cast(null as decimal(18, 4)) as money,
    from unknown
    left join near on unknown.row_no = near.row_no and unknown.place = near.place
    group by unknown.row_no, unknown.store_id
)

select * from final
order by row_no, column_name
