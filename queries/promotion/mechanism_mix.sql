-- purpose: list value of each store by the mechanism that discounts it; undiscounted value first,
--   what no mechanism explains last
-- grain: store_id, mechanism
-- inputs: mechanisms, scope_stores
-- params: none
-- outputs:
--   store_id varchar, the store
--   mechanism varchar, mechanism code, none or unexplained
--   share_of_list double, part of the store's list value
--   discount_amount decimal(18,4), money taken off by it
--   share_of_discount double, part of list - paid
--   merchant_funded double, part borne by the merchant, null = not known
--   position bigint, place in the stack, the same for all stores
-- source: METHODS 3 "Mechanism mix"
with in_price as (
    select
        mechanisms.store_id,
        mechanisms.mechanism,
        mechanisms.share_of_list,
        mechanisms.discount_amount,
        mechanisms.share_of_discount,
        mechanisms.merchant_funded,
        scope_stores.position as store_position,
    from mechanisms
    inner join scope_stores on mechanisms.store_id = scope_stores.store_id
    where mechanisms.share_of_list is not null
),

stack as (
    select
        mechanism,
        row_number() over (
            order by
                case mechanism when 'none' then 0 when 'unexplained' then 2 else 1 end asc,
                sum(share_of_list) desc,
                mechanism asc
        ) as position,
    from in_price
    group by mechanism
),

final as (
    select
        in_price.store_id,
        in_price.mechanism,
        in_price.share_of_list,
        in_price.discount_amount,
        in_price.share_of_discount,
        in_price.merchant_funded,
        stack.position,
        in_price.store_position,
    from in_price
    inner join stack on in_price.mechanism = stack.mechanism
)

select * exclude (store_position) from final
order by store_position, position
