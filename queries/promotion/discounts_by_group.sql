-- purpose: what depth, breadth, stacking and funding of promotions are computed from, by group of
--   buyers
-- grain: store_id, buyer_group
-- inputs: mechanism_groups
-- params: none
-- outputs:
--   store_id varchar, the store
--   buyer_group varchar, one of 64 groups of buyers
--   lines bigint, order lines
--   discounted_lines bigint, lines with a discount in their price
--   mechanism_lines bigint, sum over lines of how many mechanisms lower their price
--   units decimal(18,3), pieces sold
--   promoted_units decimal(18,3), pieces sold with a discount in their price
--   list_amount decimal(18,4), pieces at list price
--   paid_amount decimal(18,4), what consumers paid
--   discount_amount decimal(18,4), list minus paid
--   funding_known_discount decimal(18,4), the same where platform money is known, null = nowhere
--   merchant_discount decimal(18,4), of that, not refunded by the platform, null = not known
--   unexplained_size decimal(18,4), differences that no mechanism explains, without their sign
-- source: METHODS 3
with final as (
    select
        store_id,
        buyer_group,
        lines,
        discounted_lines,
        mechanism_lines,
        units,
        promoted_units,
        list_amount,
        paid_amount,
        cast(list_amount - paid_amount as decimal(18, 4)) as discount_amount,
        funding_known_discount,
        cast(funding_known_discount - platform_amount as decimal(18, 4)) as merchant_discount,
        unexplained_size,
    from mechanism_groups
)

select * from final
order by store_id, buyer_group
