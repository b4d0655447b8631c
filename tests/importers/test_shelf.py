"""Exports about items: prices and items as a shop sees them, worked by hand."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import polars as pl
import pytest

from channelscope.contract import Type
from channelscope.domain import Period
from channelscope.errors import DataError, UsageError
from channelscope.importers import canonical, shelf
from channelscope.importers.layout import ExportKind, Layout, LayoutColumn

TYPES = {
    Type.TEXT: pl.String, Type.DATE: pl.Date, Type.TIMESTAMP: pl.Datetime("us"), Type.INT: pl.Int64,
    Type.MONEY: pl.Decimal(18, 4), Type.DOUBLE: pl.Float64,
}  # fmt: skip
SCHEMA = {word: TYPES[type_] for word, type_ in canonical.ITEM.items()} | {"row": pl.Int64}
DAY = Period(date(2026, 4, 17), date(2026, 4, 17))
WEEK = Period(date(2026, 4, 13), date(2026, 4, 19))


def layout(kind: ExportKind) -> Layout:
    return Layout(source="taobao", kind=kind, title="价格查询", platforms=("tmall",),
                  header={"商品Id": LayoutColumn(to="item_id")})  # fmt: skip


PRICES, ITEMS = layout(ExportKind.PRICES), layout(ExportKind.ITEMS)


def read(
    *rows: dict[str, Any], layout: Layout = PRICES, span: Period | None = DAY
) -> dict[str, pl.DataFrame]:
    """The tables of store F1; rows are numbered from 4 as in the file."""
    numbered = [{"row": number, **row} for number, row in enumerate(rows, 4)]
    frame = pl.DataFrame(numbered, schema=SCHEMA)
    return shelf.tables(frame, store="F1", layout=layout, span=span)


def rows(table: pl.DataFrame, *columns: str) -> list[tuple[Any, ...]]:
    return table.select(columns).rows()


def test_merged_cells_are_filled_down_item_by_item_and_variant_by_variant() -> None:
    found = read(
        {"title": "炒锅", "item_id": "7", "variant": "红", "variant_id": "71", "list_price": 100},
        {"promo_text": "8.5折"},
        {"variant": "蓝", "variant_id": "72", "list_price": 90},
        {"title": "砧板", "item_id": "8", "list_price": 30},
        {"promo_text": "9折"},
    )
    assert rows(found["items"], "item_key", "item_id", "title", "variant", "list_price") == [
        ("71", "7", "炒锅", "红", 100),
        ("72", "7", "炒锅", "蓝", 90),
        # Without a variant of its own it must not get the blue one of the wok above.
        ("8", "8", "砧板", None, 30),
    ]
    assert sorted(rows(found["exported_promotions"], "item_key", "benefit")) == [
        ("71", 0.15), ("8", 0.1),
    ]  # fmt: skip


def test_a_row_above_every_item_is_told_with_its_number() -> None:
    with pytest.raises(DataError, match="1 rows name no item; first: row 4") as told:
        read({"promo_text": "8.5折"}, {"item_id": "7"})
    assert told.value.where == "价格查询"


def test_a_snapshot_needs_a_list_price_and_a_day() -> None:
    found = read(
        {"item_id": "7", "variant": "红", "list_price": 100, "net_price": Decimal("79.2")},
        {"promo_text": "8.5折"},
        {"item_id": "8", "activity_price": 20},
    )
    assert rows(found["exported_price_snapshots"], "store_id", "item_key", "observed_at",
                "list_price", "activity_price", "net_price", "listed") == [
        ("F1", "7/红", datetime(2026, 4, 17), 100, None, Decimal("79.2"), None)
    ]  # fmt: skip
    with pytest.raises(UsageError, match="does not say of which days"):
        read({"item_id": "7", "list_price": 100}, span=None)


@pytest.mark.parametrize(
    ("when", "span", "seen"),
    [
        ({"observed_at": datetime(2026, 4, 1, 9, 30)}, DAY, datetime(2026, 4, 1, 9, 30)),
        ({"date": date(2026, 4, 2)}, DAY, datetime(2026, 4, 2)),
        ({"date": date(2026, 4, 2)}, None, datetime(2026, 4, 2)),
        ({}, WEEK, datetime(2026, 4, 13)),
    ],
)
def test_the_moment_seen_is_the_most_exact_that_is_known(
    when: dict[str, Any], span: Period | None, seen: datetime
) -> None:
    found = read({"item_id": "7", "list_price": 100, **when}, span=span)
    assert found["exported_price_snapshots"]["observed_at"].to_list() == [seen]


@pytest.mark.parametrize(
    ("known", "key"),
    [
        ({"sku_code": "LX-1", "variant_id": "71", "item_id": "7"}, "LX-1"),
        ({"variant_id": "71", "item_id": "7", "variant": "红"}, "71"),
        ({"item_id": "7", "variant": "红", "item_code": "LX"}, "7/红"),
        ({"item_id": "7", "item_code": "LX"}, "LX"),
        ({"item_id": "7", "title": "锅"}, "7"),
        ({"title": "锅", "variant": "红"}, "锅/红"),
        ({"title": "锅", "sku_code": " ", "item_code": ""}, "锅"),
    ],
)
def test_the_key_of_an_item_is_the_most_exact_that_is_known(
    known: dict[str, str], key: str
) -> None:
    assert read(known)["items"]["item_key"].to_list() == [key]


def test_items_are_named_as_their_last_day_names_them() -> None:
    found = read(
        {"item_id": "7", "title": "新款炒锅", "date": date(2026, 4, 2)},
        {"item_id": "7", "title": "炒锅", "gtin": "6901234567892", "date": date(2026, 4, 1)},
        layout=ITEMS,
        span=None,
    )
    assert rows(found["items"], "item_key", "title", "gtin") == [("7", "新款炒锅", "6901234567892")]
    assert set(found) == {"items"}


def sold(day: int, paid: float | None, units: int | None, **fields: Any) -> dict[str, Any]:
    return {"item_id": "7", "date": date(2026, 4, day), "control_paid": paid,
            "control_units": units} | fields  # fmt: skip


def test_what_the_platform_says_it_sold_adds_up_by_day() -> None:
    found = read(
        sold(1, 100.5, 2),
        sold(1, 50, 1, item_id="8"),
        sold(1, 50, 1, item_id="8"),  # one row twice
        sold(1, 150.5, 3, item_id="合计"),
        sold(2, 70, None),
        sold(2, 30, 4, item_id="8"),
        {"item_id": "9", "date": date(2026, 4, 3)},
        layout=ITEMS,
        span=None,
    )
    assert rows(found["control_totals"], "store_id", "date", "paid_amount", "units", "orders") == [
        ("F1", date(2026, 4, 1), Decimal("150.5"), 3, None),
        # One of the two items does not say its units: neither does the day.
        ("F1", date(2026, 4, 2), 100, None, None),
    ]


@pytest.mark.parametrize(("span", "days"), [(DAY, [DAY.first]), (WEEK, []), (None, [])])
def test_totals_of_a_file_without_dates_are_those_of_the_day_named(
    span: Period | None, days: list[date]
) -> None:
    found = read({"item_id": "7", "control_paid": 5}, layout=ITEMS, span=span)
    totals = found.get("control_totals")
    assert (totals["date"].to_list() if totals is not None else []) == days
    assert found["items"]["item_key"].to_list() == ["7"]


def test_rows_that_name_a_category_alone_are_totals_and_no_items() -> None:
    found = read({"category": "锅具", "control_paid": 5}, layout=ITEMS)
    assert set(found) == {"control_totals"}
