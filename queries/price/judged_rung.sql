-- purpose: the rung on which price levels are judged: realised prices where there are orders, else
--   the shelf's price of one piece
-- grain: rung
-- inputs: price_index
-- params: none
-- outputs:
--   rung varchar, the rung of the price ladder
-- source: METHODS 2 "Rungs"
with levels as (
    select * from price_index
),

final as (
    select
        case
            when count(case when rung = 'realised' then 1 end) > 0 then 'realised'
            else 'one_piece'
        end as rung,
    from levels
)

select * from final
order by rung
