-- purpose: where buyers buy: every known buyer counted once, under exactly the stores bought in;
--   the ten largest sets of each scope and the rest
-- grain: scope, rank
-- inputs: buyer_sets
-- params: none
-- outputs:
--   scope varchar, where buyer ids mean the same people
--   intersection varchar, the stores joined by +; other = the remaining sets
--   stores bigint, stores in the set, null for other
--   buyers bigint, known buyers who bought in these of the scope's stores and in no other
--   share double, their share of all known buyers of these stores
--   coverage double, share of orders whose buyer is known, of the store where it is smallest
--   rank bigint, 1 = most buyers of the scope
-- source: METHODS 6 "Overlap"
with sets as (
    select * from buyer_sets
),

ranked as (
    select
        *,
        row_number() over (partition by scope order by buyers desc, stores asc) as place,
    from sets
),

final as (
    select
        scope,
        case when place <= 10 then stores else 'other' end as intersection,
        max(case when place <= 10 then size end) as stores,
        cast(sum(buyers) as bigint) as buyers,
        sum(share) as share,
        min(coverage) as coverage,
        cast(least(place, 11) as bigint) as rank,
    from ranked
    group by scope, case when place <= 10 then stores else 'other' end, least(place, 11)
)

select * from final
order by scope, rank
