-- purpose: how many order lines of each store agree with the promotion rules: of all lines, of
--   those without a discount, and of those of each mechanism
-- grain: store_id, mechanism
-- inputs: reconcile, metrics, scope_stores
-- params: none
-- outputs:
--   store_id varchar, the store
--   mechanism varchar, mechanism code; all or none = all lines, or those without a discount
--   lines bigint, order lines looked at on which the mechanism is seen or implied
--   unreconciled bigint, those of them that do not agree to the cent, null = not known
--   share double, the part that agrees
--   lo double, lower end of the 95% interval of the share of all lines, null = not known
--   hi double, upper end of the 95% interval
--   amount_difference decimal(18,2), all: paid less implied; else: taken off less implied
--   coverage double, part of the store's order lines that was looked at
--   is_shown boolean, whether it is among the twelve stores with most lines that do not agree
-- source: METHODS 3 "Rule engine"
with shares as (
    select * from metrics
    where metric = 'reconciled_share'
),

ranked as (
    select
        reconcile.store_id,
        scope_stores.position,
        row_number() over (
            order by reconcile.unreconciled desc, scope_stores.position asc
        ) as place,
    from reconcile
    inner join scope_stores on reconcile.store_id = scope_stores.store_id
    where reconcile.mechanism = 'all'
),

final as (
    select
        reconcile.store_id,
        reconcile.mechanism,
        reconcile.lines,
        reconcile.unreconciled,
        cast(reconcile.reconciled as double) / nullif(reconcile.lines, 0) as share,
        case when reconcile.mechanism = 'all' then shares.lo end as lo,
        case when reconcile.mechanism = 'all' then shares.hi end as hi,
        reconcile.amount_difference,
        reconcile.coverage,
        ranked.place <= 12 as is_shown,
        ranked.position,
    from reconcile
    inner join ranked on reconcile.store_id = ranked.store_id
    left join shares on reconcile.store_id = shares.store_id
)

select * exclude (position) from final
order by position asc, mechanism <> 'all' asc, lines desc, mechanism asc
