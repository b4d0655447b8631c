"""Where buyers of a quarter come from and go, on orders written out and scanned."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from channelscope import preparation
from channelscope.dimensions import _buyer_flows, consumers
from channelscope.domain import GroupBy, Period, quarter_begins
from channelscope.results import Results
from tests.dimensions.small_cubes import scope

Row = dict[str, Any]
FIRST, LAST = date(2026, 1, 1), date(2026, 6, 30)
STORES = "store_id,name,kind,platform,operator\nA,A,flagship,p,o\nB,B,distributor,p,o\n" \
    "C,C,specialty,p,q\nE,E,flagship,r,q\n"  # fmt: skip
FAR, BEFORE, NOW, NEXT = "2024-12-20", "2025-11-05", "2026-02-03", "2026-05-06"
ORDERS = (
    # store, buyer, days: the sales of an order are 1, 2, 4, … cents by its place in this list
    ("A", "new", (NOW, NOW)), ("A", "kept", (BEFORE, *(NOW,) * 5, NEXT)),
    ("A", "back", (FAR, NOW)), ("B", "from", (FAR,)), ("A", "from", (NOW,)),
    # Moved: a third store, in the quarter after; lost: nowhere any more.
    ("A", "third", (BEFORE,)), ("C", "third", (NOW,)), ("A", "gone", (BEFORE,)),
    # First in A, and some weeks later in B: new to the brand once.
    ("A", "both", (NOW,)), ("B", "both", ("2026-03-20",)),
    # The same id on another platform is somebody else.
    ("E", "gone", (NOW,)), ("E", "kept", (BEFORE, NOW)),
    ("A", "", (NOW,)), ("B", "from", (NOW,)), ("C", "gone", (NEXT,)),
)  # fmt: skip


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("flows")
    lines, cents = [], 1
    for store, buyer, days in ORDERS:
        for day in days:
            paid = f"{cents / 100:.2f}"
            lines.append(f"{store},o{cents},1,x,{day} 10:00:00,1,{paid},{paid},{buyer}")
            cents *= 2
    # Orders on the first and on the last day, so that every quarter told is there as a whole.
    for day in ("2024-12-01", "2026-06-30"):
        lines.append(f"C,o-{day},1,x,{day} 10:00:00,1,1.00,1.00,first")
    head = "store_id,order_id,line_no,sku,ordered_at,qty,list_price,paid_amount,buyer_id\n"
    (folder / "stores.csv").write_text(STORES, encoding="utf-8")
    (folder / "products.csv").write_text("sku,title,category\nx,x,c\n", encoding="utf-8")
    (folder / "order_lines.csv").write_text(head + "\n".join(lines) + "\n", encoding="utf-8")
    return folder


def flows(workspace: Path, **asked: Any) -> pl.DataFrame:
    request = preparation.Request(workspace, **{"first": FIRST, "last": LAST, **asked})
    prepared = preparation.prepare(request)
    try:
        return _buyer_flows.buyer_flows(prepared.answers, prepared.scope)
    finally:
        prepared.close()


@pytest.fixture(scope="module")
def found(workspace: Path) -> Iterator[pl.DataFrame]:
    yield flows(workspace)


def status(frame: pl.DataFrame, store: str, quarter: date = FIRST) -> dict[str, Row]:
    rows = frame.filter(store_id=store, quarter_start=quarter)
    return {row["status"]: row for row in rows.to_dicts()}


def sales(*cents: int) -> Decimal:
    return Decimal(sum(cents)) / 100


def test_each_buyer_of_a_quarter_has_one_status(found: pl.DataFrame) -> None:
    rows = status(found, "A")
    counted = {name: (row["buyers"], row["orders"], row["repeat_orders"], row["sales"])
               for name, row in rows.items() if name not in ("moved", "lost")}  # fmt: skip
    assert counted == {
        "new_to_brand": (2, 3, 1, sales(2**0, 2**1, 2**16)),
        "retained": (1, 5, 4, sales(2**3, 2**4, 2**5, 2**6, 2**7)),
        "reactivated": (1, 1, 0, sales(2**10)),
        "from_other_store": (1, 1, 0, sales(2**12)),
        "known": (5, 10, 5, sales(3, 248, 2**10, 2**12, 2**16)),
        "unknown": (None, 1, None, sales(2**21)),
    }
    assert rows["new_to_brand"]["share"] == pytest.approx(2 / 5)
    assert rows["new_to_brand"]["coverage"] == pytest.approx(10 / 11)


def test_a_buyer_who_moved_to_a_third_store_is_moved_and_not_lost(found: pl.DataFrame) -> None:
    rows = status(found, "A")
    assert (rows["moved"]["buyers"], rows["lost"]["buyers"]) == (1, 1)
    assert rows["moved"]["share"] == pytest.approx(1 / 3)
    later = status(found, "C", date(2026, 4, 1))
    assert (later["from_other_store"]["buyers"], later["lost"]["buyers"]) == (1, 1)


def test_equal_ids_in_two_scopes_are_never_joined(found: pl.DataFrame) -> None:
    rows = status(found, "E")
    assert (rows["new_to_brand"]["buyers"], rows["retained"]["buyers"]) == (1, 1)
    assert (rows["from_other_store"]["buyers"], rows["lost"]["buyers"]) == (0, 0)


def test_first_in_one_store_and_then_in_another_is_new_once(found: pl.DataFrame) -> None:
    rows = status(found, "B")
    assert (rows["new_to_brand"]["buyers"], rows["from_other_store"]["buyers"]) == (0, 1)
    assert rows["reactivated"]["buyers"] == 1


def test_a_buyer_of_two_members_counts_once_in_the_group(workspace: Path) -> None:
    rows = status(flows(workspace, by=GroupBy.OPERATOR), "operator:o")
    # A and B: the buyer who came to both is one new buyer with two orders.
    assert (rows["new_to_brand"]["buyers"], rows["new_to_brand"]["orders"]) == (2, 4)
    assert (rows["reactivated"]["buyers"], rows["from_other_store"]["buyers"]) == (2, 0)
    assert rows["known"]["buyers"] == 5
    assert rows["known"]["sales"] == sales(3, 248, 2**10, 2**12, 2**16, 2**17, 2**22)
    # The operator q has stores in two scopes: the same id twice is two buyers.
    other = status(flows(workspace, by=GroupBy.OPERATOR), "operator:q")
    assert other["known"]["buyers"] == 1 + 2


def test_without_a_year_before_only_the_last_quarter_is_known(workspace: Path) -> None:
    early = flows(workspace, first=date(2025, 10, 1), last=date(2025, 12, 31))
    rows = status(early, "A", date(2025, 10, 1))
    reasons = {name: row["outcome_reason"] for name, row in rows.items()}
    short = "reason.short_history"
    assert [reasons[name] for name in ("new_to_brand", "from_other_store", "reactivated")] == (
        [short] * 3
    )
    assert reasons["retained"] is None and rows["retained"]["buyers"] == 0
    assert (rows["new_to_brand"]["buyers"], rows["known"]["buyers"]) == (None, 3)


def test_only_whole_quarters_are_told() -> None:
    def quarters(first: date, last: date, end: date = date(2027, 1, 1)) -> list[date]:
        asked = scope("A", data_end=end)
        asked = type(asked)(**{**_fields(asked), "period": Period(first, last)})
        return [quarter_begins(each) for each in _buyer_flows.whole_quarters(asked)]

    assert quarters(date(2026, 1, 1), date(2026, 3, 31)) == [date(2026, 1, 1)]
    assert quarters(date(2026, 1, 2), date(2026, 6, 30)) == [date(2026, 4, 1)]
    assert quarters(date(2025, 12, 31), date(2026, 6, 29)) == [date(2026, 1, 1)]
    assert quarters(date(2026, 2, 1), date(2026, 4, 30)) == []
    # A slow seller need not sell on the last day; a quarter of which the data lack a part is out.
    assert quarters(date(2026, 1, 1), date(2026, 6, 30), date(2026, 6, 24)) != []
    assert len(quarters(date(2026, 1, 1), date(2026, 6, 30), date(2026, 6, 24))) == 2
    assert len(quarters(date(2026, 1, 1), date(2026, 6, 30), date(2026, 6, 23))) == 1


def _fields(asked: Any) -> Row:
    return {name: getattr(asked, name) for name in asked.__dataclass_fields__}


def test_the_sample_adds_up_to_its_days(sample_results: Results) -> None:
    table = sample_results.tables["buyer_flows"]
    four = table.filter(pl.col("status").is_in(_buyer_flows.STATUSES))
    sums = four.group_by("store_id", "quarter_start").agg(
        pl.col("buyers", "orders", "sales").sum(), pl.col("share").sum(),
        pl.col("buyers").null_count().alias("untold"),
    ).filter(untold=0)  # fmt: skip
    known = table.filter(status="known").join(sums, on=["store_id", "quarter_start"])
    assert known.height > 20
    for name in ("buyers", "orders", "sales"):
        assert known[name].equals(known[f"{name}_right"].alias(name))
    assert known["share_right"].is_between(1 - 1e-9, 1 + 1e-9).all()
    retained = table.filter(pl.col("status") == "retained").select(
        "store_id", "quarter_start", kept="buyers"
    )
    gone = table.filter(pl.col("status").is_in(["moved", "lost"])).group_by(
        "store_id", "quarter_start"
    ).agg(pl.col("buyers").sum(), pl.col("share").sum())  # fmt: skip
    both = retained.join(gone, on=["store_id", "quarter_start"]).drop_nulls()
    shares = both["kept"] / (both["kept"] + both["buyers"]) + both["share"]
    assert shares.is_between(1 - 1e-9, 1 + 1e-9).sum() > 20


def test_sales_of_all_quarters_are_those_of_the_store(sample_results: Results) -> None:
    table = sample_results.tables["buyer_flows"].filter(
        pl.col("status").is_in(["known", "unknown"])
    )
    sums = dict(table.group_by("store_id").agg(pl.col("sales").sum()).iter_rows())
    sold = sample_results.tables["metrics"].filter(metric="sales").drop_nulls("value")
    for store, value in sold.select("store_id", "value").iter_rows():
        # Four whole quarters are the period; an order over midnight may lie at its edge.
        assert float(sums[store]) == pytest.approx(value, rel=1e-3)


def test_ids_that_are_few_or_move_tell_nothing(sample_results: Results) -> None:
    table = sample_results.tables["buyer_flows"]
    masked = table.filter(
        pl.col("store_id").is_in(["D2", "D3", "M2"]), pl.col("quarter_start") >= FIRST,
        pl.col("status") != "unknown",
    )  # fmt: skip
    assert masked["buyers"].null_count() == masked.height
    assert set(masked["outcome_reason"]) == {"reason.few_buyer_ids"}
    rest = table.filter(store_id="D2", status="unknown")
    assert rest.filter(pl.col("quarter_start") >= FIRST)["orders"].min() > 1000


def test_coverage_that_moves_hides_what_it_touches() -> None:
    own = _buyer_flows._coverages(np.array([[100] * 6, [90, 90, 90, 90, 85, 74], [0] * 6]))
    assert own[:, 5].tolist() == pytest.approx([0.74, 0.85, 0.8875])
    assert _buyer_flows._reason((own,), 5, None, recent=True) == "reason.coverage_moved_quarter"
    assert _buyer_flows._reason((own,), 4, None, recent=True) is None
    assert _buyer_flows._reason((own,), 4, "reason.short_history", recent=False) == (
        "reason.short_history"
    )


def test_the_dimension_hands_the_table_over(found: pl.DataFrame) -> None:
    assert {figure.name for figure in consumers.FIGURES} >= {"quarterly_buyers"}
    assert found.columns == list(_buyer_flows.TABLES["buyer_flows"])
