"""Cells that look like values and are not: a fault with its row, and no other value."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from channelscope.errors import DataError
from tests.importers.small_brand import brand, lines, pdd, pdd_row, run

_AT = "2026-07-01 10:00:00"


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("12,50", id="a decimal comma is no thousands separator"),
        pytest.param("1.234,56", id="points before thousands"),
        pytest.param("123456789012345678", id="more than money can hold"),
        pytest.param("123456789012345678万", id="more than money can hold, in 万"),
    ],
)
def test_an_amount_that_is_not_clear_is_told(text: str, tmp_path: Path) -> None:
    workspace = brand(tmp_path / "shop")
    file = pdd(
        tmp_path / "a.csv", pdd_row("a", _AT, "LX-01", "9"), pdd_row("b", _AT, "LX-01", text)
    )
    with pytest.raises(DataError, match=f"row 3 '{text}'"):
        run(workspace, file)


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("1,234.50", "1234.5"),
        ("¥12,345元", "12345"),
        ("1,23,456.00", "123456"),
        ("1,234万", "12340000"),
    ],
)
def test_commas_before_thousands_are_read(text: str, amount: str, tmp_path: Path) -> None:
    workspace = brand(tmp_path / "shop")
    run(workspace, pdd(tmp_path / "a.csv", pdd_row("a", _AT, "LX-01", text)))
    assert lines(workspace)["paid_amount"].to_list() == [Decimal(amount)]


def test_a_quantity_without_end_is_told(tmp_path: Path) -> None:
    workspace = brand(tmp_path / "shop")
    row = pdd_row("a", _AT, "LX-01", "9", **{"商品数量(件)": "99999999999999999"})
    with pytest.raises(DataError, match="商品数量"):
        run(workspace, pdd(tmp_path / "a.csv", row))


def test_order_numbers_that_a_spreadsheet_shortened_are_told(tmp_path: Path) -> None:
    """They would make one order of many, with the money of one."""
    workspace = brand(tmp_path / "shop")
    rows = [pdd_row("1.93068E+18", _AT, "LX-01", paid) for paid in ("100", "50")]
    with pytest.raises(DataError, match="cut off its last digits; first: row 2"):
        run(workspace, pdd(tmp_path / "a.csv", *rows))
