"""The contract every file in queries/ keeps, and proof that the contract can be broken.

A new query needs no edit here: it is found, read, linted and run against its worked case.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from channelscope import contract, sqlfile
from channelscope.errors import QueryError
from channelscope.member_frames import PER_MEMBER
from channelscope.sqlfile import SqlFile
from tests import sql_cases, sql_inputs, sql_rules

CATALOGUE = sqlfile.catalogue()
QUERIES = [pytest.param(query, id=name) for name, query in CATALOGUE.items()]
CASES = [
    pytest.param(query, path, id=f"{query.folder}/{path.stem}")
    for query in CATALOGUE.values()
    for path in sql_cases.cases_of(query)
]


@pytest.mark.parametrize("query", QUERIES)
def test_query_keeps_the_house_rules(query: SqlFile) -> None:
    assert sql_rules.faults(query) == []


@pytest.mark.parametrize("query", QUERIES)
def test_query_has_a_worked_case(query: SqlFile) -> None:
    assert sql_cases.cases_of(query), f"no queries/{query.folder}/cases/{query.stem}.case"


@pytest.mark.parametrize("query", QUERIES)
def test_inputs_are_known(query: SqlFile) -> None:
    for name in query.inputs:
        assert sql_inputs.columns_of(name, CATALOGUE)


@pytest.mark.parametrize(("query", "path"), CASES)
def test_query_does_what_its_case_says(query: SqlFile, path: Path) -> None:
    """Output names, types and unique grain are checked on the way by the engine itself."""
    rows = sql_cases.check(query, path, CATALOGUE)
    assert not sql_rules.order_is_open(query, rows), "order by does not fix the order of the rows"


def test_queries_are_there() -> None:
    assert CATALOGUE


def test_no_case_is_orphaned() -> None:
    known = {path for query in CATALOGUE.values() for path in sql_cases.cases_of(query)}
    root = sqlfile.assets.queries()
    assert set(root.glob("*/cases/*")) == known


def test_names_of_row_sets_are_unique() -> None:
    stems = [query.stem for query in CATALOGUE.values()]
    described = {
        "scope_stores", "scope_members", "metric_registry", "dimension_weights", "span_days",
        "store_bits",
        "opened_stores", "opening_days",
        "segment_sets",
    }  # fmt: skip
    reserved = {*contract.BY_NAME, *described, *PER_MEMBER, *sql_inputs.result_tables()}
    assert sorted(stems) == sorted(set(stems))
    assert not reserved & set(stems)


# ---------------------------------------------------------------------------------------------
# The contract can be broken: one good query, and each fault put into it by one replacement.

GOOD_SQL = """\
-- purpose: pieces and price of each store and product from a day on
-- grain: store_id, sku
-- inputs: order_lines
-- params: first date
-- outputs:
--   store_id varchar, the store
--   sku varchar, the product
--   units decimal(18,3), pieces sold
--   price double, paid per piece
-- source: none
with lines as (
    select * from order_lines
),

final as (
    select
        store_id,
        sku,
        cast(sum(qty) as decimal(18, 3)) as units,
        cast(sum(paid_amount) as double) / nullif(cast(sum(qty) as double), 0) as price,
    from lines
    where ordered_at >= $first
    group by store_id, sku
)

select * from final
order by store_id, sku
"""

GOOD_CASE = """\
# two lines of one product, and one before the first day
params
first = 2026-01-02

given order_lines
store_id | sku | ordered_at          | qty   | paid_amount  # the row kills
F1       | a   | 2026-01-02 00:00:00 | 2     | 20.00        # > instead of >=
F1       | a   | 2026-01-03 10:00:00 | 1     | 7.00         # a mean of prices, not money per piece
F1       | a   | 2026-01-01 23:59:59 | 9     | 9.00         # no lower bound
D1       | b   | 2026-01-05 10:00:00 | 0.500 | null         # null taken for zero

expect
store_id | sku | units | price
D1       | b   | 0.500 | null
F1       | a   | 3.000 | 9
"""


def _toy(tmp_path: Path, sql: str, case: str) -> tuple[SqlFile, Path]:
    folder = tmp_path / "toy"
    (folder / "cases").mkdir(parents=True)
    (folder / "price_of_product.sql").write_text(sql, encoding="utf-8")
    path = folder / "cases" / "price_of_product.case"
    path.write_text(case, encoding="utf-8")
    return sqlfile.read(folder / "price_of_product.sql"), path


def _replaced(text: str, old: str, new: str) -> str:
    assert old in text
    return text.replace(old, new)


def test_good_query_passes(tmp_path: Path) -> None:
    query, path = _toy(tmp_path, GOOD_SQL, GOOD_CASE)
    assert sql_rules.faults(query) == []
    sql_cases.check(query, path, {query.name: query})


@pytest.mark.parametrize("key", sqlfile.REQUIRED_KEYS)
def test_missing_header_key_is_caught(tmp_path: Path, key: str) -> None:
    with pytest.raises(QueryError, match=f"header lacks {key}"):
        _toy(tmp_path, _replaced(GOOD_SQL, f"-- {key}:", "-- remark:"), GOOD_CASE)


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("-- params: first date", "-- params: none", "params lacks first"),
        ("-- params: first date", "-- params: first date, last date", "params names last"),
        ("-- inputs: order_lines", "-- inputs: none", "inputs lacks order_lines"),
        ("-- inputs: order_lines", "-- inputs: order_lines, fx", "inputs names fx"),
        ("from lines\n", "from lines\n    left join stores using (store_id)\n", "lacks stores"),
        ("-- grain: store_id, sku", "-- grain: store_id, day", "grain day is no output"),
        ("-- source: none", "-- source:", "source is empty"),
        ("    group by", "    GROUP by", "GROUP by is not lower case"),
        ("as price", "as Price", "Price is not lower case"),
        ("select * from final\n", "select store_id from final\n", "other than *"),
        ("select * from final\n", "select * from lines\n", "does not end in"),
        ("order by store_id, sku\n", "", "no order by"),
        ("order by store_id, sku\n", "order by store_id, sku\nlimit 5\n", "filters"),
        ("order by store_id, sku\n", "order by store_id, sku;\n", "semicolon"),
        ("order by store_id, sku\n", "order by store_id; select 1\n", "2 statements"),
        ("select * from final", "  select * from final", "line of its own"),
        (
            "    from lines\n",
            "    from (select *, 1 as x from order_lines) as l\n",
            "select * from",
        ),
        ("from order_lines", "from 'order_lines.csv'", "reads a file"),
        ("from order_lines", "from read_csv('x.csv')", "reads a file"),
        ("nullif(cast(sum(qty) as double), 0)", "sum(qty)", "unguarded division"),
        ("nullif(cast(sum(qty) as double), 0)", "nullif(sum(qty), 1)", "unguarded division"),
        (" / nullif(", " // coalesce(", "unguarded division"),
        ("with lines", "with with lines", "cannot be parsed"),
    ],
)
def test_broken_rule_is_caught(tmp_path: Path, old: str, new: str, fault: str) -> None:
    query, _ = _toy(tmp_path, _replaced(GOOD_SQL, old, new), GOOD_CASE)
    assert any(fault in found for found in sql_rules.faults(query)), sql_rules.faults(query)


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("units decimal(18,3)", "units double", "other columns than its header"),
        ("price double", "unit_price double", "other columns than its header"),
        ("--   price double, paid per piece\n", "", "other columns than its header"),
        ("-- grain: store_id, sku", "-- grain: units", "not unique by units"),
        ("group by store_id, sku", "group by store_id, sku, ordered_at", "not unique by store_id"),
        ("from lines\n", "from lines_of_orders\n", "lines_of_orders"),
    ],
)
def test_broken_promise_is_caught(tmp_path: Path, old: str, new: str, fault: str) -> None:
    same_units = _replaced(GOOD_CASE, "| 0.500 | null         #", "| 3     | null         #")
    query, path = _toy(tmp_path, _replaced(GOOD_SQL, old, new), same_units)
    with pytest.raises(QueryError, match=fault):
        sql_cases.check(query, path, {query.name: query})


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("| 9\n", "| 9.00000002\n", "row 2, price: 9.00000002 expected, 9.0 came"),
        ("| 0.500 | null\n", "| 0.500 | 0\n", "row 1, price: 0.0 expected, None came"),
        ("D1       | b   | 0.500 | null\n", "", "1 rows expected, 2 came"),
        ("first = 2026-01-02", "last = 2026-01-02", r"parameters missing \['first'\]"),
        ("given order_lines", "given traffic", "no inputs of the query"),
        ("store_id | sku | ordered_at ", "store_id | sku | paid_at ", "has no column"),
        ("store_id | sku | units | price", "store_id | sku | units | cost", "columns under expect"),
        ("F1       | a   | 3.000 | 9", "F1       | a   | 3.000", "3 cells under 4 columns"),
        ("F1       | a   | 3.000 | 9", "F1       | a   | | 9", "empty cell"),
        ("| 2     | 20.00 ", "| two   | 20.00 ", "Could not convert"),
        ("expect\n", "given order_lines\n", "stands twice"),
        (
            "# two lines of one product, and one before the first day\n",
            "",
            "what the case is about",
        ),
        ("params\n", "first = 2026-01-01\nparams\n", "belongs to no section"),
        ("first = 2026-01-02", "first 2026-01-02", "name = value"),
    ],
)
def test_wrong_case_is_caught(tmp_path: Path, old: str, new: str, fault: str) -> None:
    query, path = _toy(tmp_path, GOOD_SQL, _replaced(GOOD_CASE, old, new))
    with pytest.raises(sql_cases.CaseError, match=fault):
        sql_cases.check(query, path, {query.name: query})


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (">= $first", "> $first"),
        ("where ordered_at >= $first", "where $first is not null"),
        (
            "cast(sum(paid_amount) as double) / nullif(cast(sum(qty) as double), 0)",
            "avg(cast(paid_amount / qty as double))",
        ),
        ("sum(paid_amount)", "coalesce(sum(paid_amount), 0)"),
        ("order by store_id, sku\n", "order by store_id desc, sku\n"),
    ],
)
def test_rows_of_a_case_kill_wrong_queries(tmp_path: Path, old: str, new: str) -> None:
    query, path = _toy(tmp_path, _replaced(GOOD_SQL, old, new), GOOD_CASE)
    with pytest.raises(sql_cases.CaseError):
        sql_cases.check(query, path, {query.name: query})


def test_open_order_is_caught(tmp_path: Path) -> None:
    sql = _replaced(GOOD_SQL, "order by store_id, sku\n", "order by units\n")
    query, path = _toy(tmp_path, sql, _replaced(GOOD_CASE, "0.500", "3"))
    rows = sql_cases.run(query, sql_cases.read(path), {query.name: query})
    assert sql_rules.order_is_open(query, rows)


def test_cells_can_hold_bars_quotes_and_nothing(tmp_path: Path) -> None:
    path = tmp_path / "x.case"
    path.write_text("# about\nexpect\na | b | c | d\nx\\|y | '' | 'null' | null  # why\n", "utf-8")
    assert sql_cases.read(path).expect.cells == (("x|y", "", "null", None),)


def test_another_query_is_an_input_by_its_stem(tmp_path: Path) -> None:
    query, _ = _toy(tmp_path, GOOD_SQL, GOOD_CASE)
    columns = sql_inputs.columns_of("price_of_product", {query.name: query})
    assert columns["units"] == "DECIMAL(18,3)"
    assert sql_inputs.columns_of("order_lines", {})["_row"] == "BIGINT"
    with pytest.raises(sql_cases.CaseError, match="no table, query or result"):
        sql_inputs.columns_of("price_of_nothing", {})
