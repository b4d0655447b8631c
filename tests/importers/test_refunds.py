"""After-sales cases: only money that came back counts, once."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import polars as pl
import pytest

from channelscope.errors import DataError
from channelscope.importers import refunds
from tests.importers.typed_rows import cases

FIRST, LATER = dt.datetime(2026, 1, 2, 8), dt.datetime(2026, 1, 9, 8)


def _case(line: str | None, amount: str | None, state: str | None = "refunded", **more: Any) -> Any:
    return {"order_id": "o1", "line_id": line, "line_refunded": amount, "line_state": state,
            "refunded_at": FIRST, **more}  # fmt: skip


def _lines(*rows: Any) -> list[Any]:
    return refunds.table(cases(*rows), "F1").rows()


def test_only_cases_with_the_money_back_count() -> None:
    states = ("refunded", "paid", "closed", "unpaid", None)
    rows = [_case(f"l{n}", f"{n}.50", state) for n, state in enumerate(states, start=1)]
    found = refunds.table(cases(*rows), "F1")
    assert found.columns == ["store_id", "order_id", "line_id", "refunded_amount", "refunded_at"]
    assert found.rows() == [("F1", "o1", "l1", Decimal("1.5000"), FIRST)]
    assert found.schema["refunded_amount"] == pl.Decimal(18, 4)


def test_cases_of_a_line_add_up_to_the_last_of_them() -> None:
    rows = [_case("l1", "3", refunded_at=LATER), _case("l1", "4.25"), _case("l2", "9"),
            _case("l1", "8", order_id="o0")]  # fmt: skip
    assert _lines(*rows) == [
        ("F1", "o0", "l1", Decimal("8"), FIRST),
        ("F1", "o1", "l1", Decimal("7.25"), LATER),
        ("F1", "o1", "l2", Decimal("9"), FIRST),
    ]


def test_what_is_not_known_stays_unknown() -> None:
    rows = [_case("l1", "3"), _case("l1", None), _case("l2", "2"),
            _case("l2", "5", refunded_at=None), _case(None, "0")]  # fmt: skip
    assert _lines(*rows) == [
        ("F1", "o1", None, Decimal("0"), FIRST),
        ("F1", "o1", "l1", None, FIRST),
        ("F1", "o1", "l2", Decimal("7"), None),
    ]


def test_a_case_of_two_overlapping_exports_counts_once() -> None:
    old, new = cases(_case("l1", "3"), _case("l2", "1")), cases(_case("l1", "3"), sheet=1)
    both = pl.concat([old, new])
    assert refunds.table(both, "F1")["refunded_amount"].to_list() == [3, 1]
    # Within one export two cases that look alike are two.
    assert refunds.table(cases(*[_case("l1", "3")] * 2), "F1")["refunded_amount"].to_list() == [6]


def test_a_refund_without_its_order_is_told() -> None:
    nameless = _case("l1", "3", order_id=None)
    with pytest.raises(DataError, match="1 refunds have no order number") as caught:
        _lines(_case("l1", "3"), nameless, _case("l2", "1", "closed", order_id=None))
    assert caught.value.where == "row 3"
