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
        cast(count(*) as bigint) as failed_rows,
        cast(sum(money) as decimal(18, 4)) as failed_money,
    from failed_once
),

per_column as (
    select
        column_name,
        cast(count(*) as bigint) as failed_values,
    from failing
    group by column_name
),

numbered as (
    select
        row_no,
        column_name,
        coalesce(value, 'null') as value,
        row_number() over (partition by column_name order by row_no) as position,
    from failing
),

final as (
    select
        numbered.column_name,
        cast(numbered.position as bigint) as position,
        numbered.row_no,
        numbered.value,
        per_column.failed_values,
        totals.failed_rows,
        totals.failed_money,
    from numbered
    inner join per_column on numbered.column_name = per_column.column_name
    cross join totals
    where numbered.position <= 3
)

select * from final
order by column_name, position
