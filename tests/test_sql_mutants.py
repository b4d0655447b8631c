"""The tool that breaks queries: what it breaks, and that a poorer case lets more breaks through."""

from __future__ import annotations

from pathlib import Path

from channelscope import sqlfile
from tests import sql_mutants

SQL = """\
-- purpose: pieces of each store from a day on
-- grain: store_id
-- inputs: order_lines
-- params: first date
-- outputs:
--   store_id varchar, the store
--   units decimal(18,3), pieces sold
-- source: none
with final as (
    select
        store_id,
        cast(sum(qty) as decimal(18, 3)) as units,
    from order_lines
    where ordered_at >= $first and not coalesce(is_excluded, false)
    group by store_id
)

select * from final
order by store_id
"""
ROWS = """\
# pieces of the analysed lines
params
first = 2026-01-02

given order_lines
store_id | ordered_at | qty | is_excluded
F1       | 2026-01-02 | 2   | false
F1       | 2026-01-03 | 3   | null
F1       | 2026-01-01 | 10  | false
D1       | 2026-01-03 | 1   | false
F1       | 2026-01-03 | 20  | true

expect
store_id | units
D1       | 1
F1       | 5
"""


def _survivors(folder: Path, case: str) -> set[str]:
    (folder / "toy" / "cases").mkdir(parents=True)
    (folder / "toy" / "pieces.sql").write_text(SQL, encoding="utf-8")
    (folder / "toy" / "cases" / "pieces.case").write_text(case, encoding="utf-8")
    query = sqlfile.read(folder / "toy" / "pieces.sql")
    tally = sql_mutants.tally(query, {query.name: query})
    assert tally.tried >= 6
    return set(tally.survivors)


def test_a_good_case_notices_every_break(tmp_path: Path) -> None:
    assert _survivors(tmp_path, ROWS) == set()


def test_each_row_left_out_lets_a_break_through(tmp_path: Path) -> None:
    missing = {
        "F1       | 2026-01-03 | 3   | null\n": "COALESCE(is_excluded, FALSE) -> is_excluded",
        "F1       | 2026-01-02 | 2   | false\n": "ordered_at >= $first -> ordered_at > $first",
    }
    for number, (row, what) in enumerate(missing.items()):
        left = ROWS.replace(row, "").replace("| 5\n", f"| {5 - int(row.split('|')[2])}\n")
        assert what in _survivors(tmp_path / str(number), left)
