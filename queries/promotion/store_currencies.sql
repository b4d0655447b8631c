-- purpose: stores that name their currency: amounts in their promotions are in it
-- grain: store_id
-- inputs: stores
-- params: none
-- outputs:
--   store_id varchar, the store
--   currency varchar, ISO 4217
-- source: DATA stores.currency
with final as (
    select
        store_id,
        currency,
    from stores
    where currency is not null
)

select * from final
order by store_id
