"""Checks of order lines in several files find what they find where one file holds them all."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import polars as pl
import pytest

from channelscope import quality
from channelscope.errors import DataError
from channelscope.preparation import Request, opened
from channelscope.quality import Finding, Quality
from tests.workspace.tables import configure, write

pytestmark = pytest.mark.usefixtures("quarterly")
WINTER, SPRING = datetime(2026, 1, 5, 10), datetime(2026, 4, 6, 10)
Line = dict[str, object]


def _line(order: str, ordered_at: datetime, **changes: object) -> Line:
    return {
        "store_id": "F1", "order_id": order, "line_no": 1, "sku": "a", "ordered_at": ordered_at,
        "qty": 1, "list_price": 100, "paid_amount": 90, "is_excluded": False, **changes,
    }  # fmt: skip


def _checked(folder: Path, *files: list[Line]) -> Quality:
    """What is found of lines in so many files."""
    (folder / "lines").mkdir(parents=True)
    configure(write(folder, order_lines=None), '[tables.order_lines]\npath = "lines/*.parquet"\n')
    for number, lines in enumerate(files):
        frame = pl.DataFrame(lines, schema_overrides={"paid_amount": pl.Int64})
        frame.write_parquet(folder / "lines" / f"{number}.parquet")
    loaded, scans, cache = opened(Request(folder, no_cache=True))
    try:
        return quality.check(loaded, scans=scans)
    finally:
        scans.close()
        loaded.close()
        cache.close()


def _finding(checked: Quality, check: str) -> Finding:
    return next(found for found in checked.findings if found.check == check)


@pytest.mark.parametrize("is_excluded", [False, True])
def test_a_line_that_stands_in_two_files_is_fatal(tmp_path: Path, is_excluded: bool) -> None:
    first = [_line("1", WINTER), _line("2", WINTER, store_id="D1"), _line("3", WINTER)]
    second = [_line("1", SPRING, is_excluded=is_excluded), _line("2", SPRING)]
    checked = _checked(tmp_path, first, second)
    with pytest.raises(DataError, match=r"2 of 5 rows, 40\.00% of the money") as caught:
        quality.raise_if_fatal(checked)
    assert caught.value.where == "order_lines.line_no"


def test_an_order_of_months_is_told(tmp_path: Path) -> None:
    files = ([_line("1", WINTER), _line("2", WINTER)], [_line("1", SPRING, line_no=2)])
    found = _finding(_checked(tmp_path, *files), "order_lines_order_spread_in_time")
    assert (found.failed, found.sample) == (
        1, "1.parquet row 1: ordered_at = 2026-04-06 10:00:00",
    )  # fmt: skip


@pytest.mark.parametrize(("sku", "failed", "share"), [("a", 2, None), (None, 3, 90 / 180)])
def test_money_that_no_failing_line_tells_is_not_known(
    tmp_path: Path, sku: str | None, failed: int, share: float | None
) -> None:
    first, second = (
        [_line("1", WINTER, sku=sku), _line("2", WINTER, paid_amount=None)],
        [_line("3", SPRING, paid_amount=None), _line("4", SPRING)],
    )
    found = _finding(_checked(tmp_path, first, second), "order_lines_value_missing")
    assert (found.failed, found.money_share) == (failed, share)
