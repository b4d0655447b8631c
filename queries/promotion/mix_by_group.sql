-- purpose: list value of each store by group of buyers and by what it was sold with: one mechanism,
--   none, or a discount that none explains
-- grain: store_id, buyer_group
-- inputs: mechanism_groups
-- params: none
-- outputs:
--   store_id varchar, the store
--   buyer_group varchar, one of 64 groups of buyers
--   list_none double, list value of lines without a discount
--   list_unexplained double, list value of discounted lines that no mechanism explains
--   list_markdown double, list value that markdown stands for, null = none
--   list_flash double, list value that flash stands for, null = none
--   list_subsidy double, list value that subsidy stands for, null = none
--   list_official_cut double, list value that official_cut stands for, null = none
--   list_member double, list value that member stands for, null = none
--   list_group double, list value that group stands for, null = none
--   list_presale double, list value that presale stands for, null = none
--   list_new_customer double, list value that new_customer stands for, null = none
--   list_coupon_item double, list value that coupon_item stands for, null = none
--   list_coupon_shop double, list value that coupon_shop stands for, null = none
--   list_tier_amount double, list value that tier_amount stands for, null = none
--   list_tier_qty double, list value that tier_qty stands for, null = none
--   list_bundle double, list value that bundle stands for, null = none
--   list_tier_cross double, list value that tier_cross stands for, null = none
--   list_coupon_platform double, list value that coupon_platform stands for, null = none
--   list_points double, list value that points stands for, null = none
--   list_redpack double, list value that redpack stands for, null = none
--   list_subscribe double, list value that subscribe stands for, null = none
-- source: METHODS 3 "Mechanism mix is over list value"
with final as (
    select
        store_id,
        buyer_group,
        cast(list_none as double) as list_none,
        cast(list_unexplained as double) as list_unexplained,
        cast(list_markdown as double) as list_markdown,
        cast(list_flash as double) as list_flash,
        cast(list_subsidy as double) as list_subsidy,
        cast(list_official_cut as double) as list_official_cut,
        cast(list_member as double) as list_member,
        cast(list_group as double) as list_group,
        cast(list_presale as double) as list_presale,
        cast(list_new_customer as double) as list_new_customer,
        cast(list_coupon_item as double) as list_coupon_item,
        cast(list_coupon_shop as double) as list_coupon_shop,
        cast(list_tier_amount as double) as list_tier_amount,
        cast(list_tier_qty as double) as list_tier_qty,
        cast(list_bundle as double) as list_bundle,
        cast(list_tier_cross as double) as list_tier_cross,
        cast(list_coupon_platform as double) as list_coupon_platform,
        cast(list_points as double) as list_points,
        cast(list_redpack as double) as list_redpack,
        cast(list_subscribe as double) as list_subscribe,
    from mechanism_groups
)

select * from final
order by store_id, buyer_group
