-- purpose: how many predictions that fell due were right, over all and by the review that made them
-- grain: made_in
-- inputs: hit_rates
-- params: none
-- outputs:
--   made_in varchar, the review that made them, all = every one
--   due bigint, predictions that fell due
--   inside bigint, those whose range held what came
--   rate double, inside / due
--   lo double, lower end of the 95% interval
--   hi double, upper end of the 95% interval
--   level double, the part that the ranges are to hold
-- source: METHODS 10
with final as (
    select
        made_in,
        due,
        inside,
        rate,
        lo,
        hi,
        level,
    from hit_rates
    where due > 0
)

select * from final
order by made_in <> 'all' asc, made_in desc
