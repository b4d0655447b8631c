-- purpose: what a check found: rows and money, values per column and the first three of each; the
--   rows of any check may stand under the name of the one given as input
-- grain: column_name, position
-- inputs: order_lines_qty_not_positive
-- params: none
-- outputs:
--   column_name varchar, column that breaks the rule
--   position bigint, 1 to 3
--   row_no bigint, row of the table
--   value varchar, what stands there, the word null for nothing
--   failed_values bigint, values of the column that break the rule
--   failed_rows bigint, rows of the table with such a value in any column
--   failed_money decimal(18,4), money of those rows, each counted once
-- source: DATA "What bad data gets"
with failing as (
    select * from order_lines_qty_not_positive
),

failed_once as (
    select
        row_no,
        max(money) as money,
    from failing
    group by row_no
),

totals as (
    select
        count(*) as failed_rows,
        cast(sum(money) as decimal(18, 4)) as failed_money,
    from failed_once
),

per_column as (
    select
        column_name,
        count(*) as failed_values,
        arg_min(
            struct_pack(row_no := row_no, value := coalesce(value, 'null')), row_no, 3
        ) as first_three,
    from failing
    group by column_name
),

numbered as (
    select
        column_name,
        failed_values,
        unnest(first_three) as one,
        generate_subscripts(first_three, 1) as position,
    from per_column
),

final as (
    select
        numbered.column_name,
        numbered.position,
        numbered.one.row_no,
        numbered.one.value,
        numbered.failed_values,
        totals.failed_rows,
        totals.failed_money,
    from numbered
    cross join totals
)

select * from final
order by column_name, position
