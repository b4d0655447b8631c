-- purpose: all the money of the order lines: the whole that shares of failing rows are parts of
-- grain: none
-- inputs: order_lines
-- params: none
-- outputs:
--   paid_amount decimal(18,4), what consumers paid; null = nothing is known
-- source: DATA "What bad data gets"
with final as (
    select cast(sum(paid_amount) as decimal(18, 4)) as paid_amount
    from order_lines
)

select * from final
