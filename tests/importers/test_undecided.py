"""Proposing again: decided rows, notes and the order of rows are the person's."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl

from channelscope.importers import product_map
from channelscope.importers.product_map import COLUMNS
from channelscope.importers.undecided import updated

PRODUCTS = pl.DataFrame({
    "sku": ["P1", "P2", "P3"],
    "title": ["青岚保温杯 500ml", "云釉保温杯 500ml", "青岚砧板 36cm"],
    "line": ["青岚", "云釉", "青岚"],
})  # fmt: skip
NONE = pl.DataFrame(schema=dict.fromkeys(COLUMNS, pl.String))


def _items(*rows: tuple[str, str, str | None, float]) -> pl.DataFrame:
    return pl.DataFrame(
        rows, schema={"item_key": pl.String, "title": pl.String, "sku_code": pl.String,
                      "sales": pl.Float64}, orient="row",
    ).with_columns(pl.lit("F1").alias("store_id"))  # fmt: skip


def _map(*rows: dict[str, Any]) -> pl.DataFrame:
    made = [{"store_id": "F1", **row} for row in rows]
    names = dict.fromkeys((*COLUMNS, *(name for row in made for name in row)), pl.String)
    return pl.DataFrame([{**dict.fromkeys(names), **row} for row in made], schema=names)


def _updated(current: pl.DataFrame, *items: tuple[str, str, str | None, float]) -> pl.DataFrame:
    return updated(current, _items(*items), products=PRODUCTS)


def test_first_time() -> None:
    found = _updated(
        NONE,
        ("small", "云釉 保温杯 0.5L", None, 5.0),
        ("exact", "青岚砧板 36cm", "P1", 99.0),  # its code is a sku: nothing to decide
        ("large", "保温杯 500ml", None, 50.0),
        ("other", "花瓶", "p3", 7.5),
        ("none", "花瓶", None, 6.0),
    )
    assert found.columns == list(COLUMNS)
    assert found.select("item_key", "sku", "pieces", "route", "others", "decision").rows() == [
        ("large", None, None, None, "P1 | P2", None),
        ("other", "P3", "1", "code", None, None),
        ("none", None, None, None, None, None),
        ("small", "P2", "1", "title", None, None),
    ]
    assert found["sales"].to_list() == ["50.00", "7.50", "6.00", "5.00"]


def test_money_is_written_to_the_cent_and_the_unknown_stays_empty() -> None:
    items = _items(("a", "花瓶", None, 1.0)).with_columns(
        pl.lit(Decimal("9.9000"), pl.Decimal(18, 4)).alias("list_price"),
        pl.lit(None, pl.Float64).alias("sales"),
    )
    found = updated(NONE, items, products=PRODUCTS)
    assert found.select("list_price", "sales").row(0) == ("9.90", None)


def test_decided_rows_stay_as_they_are() -> None:
    current = _map(
        {"item_key": "a", "title": "old", "sku": "P3", "pieces": "4", "decision": "accept",
         "note": "mine", "owner": "Li", "sales": "1.00"},
        {"item_key": "b", "title": "old", "decision": "new"},
    )  # fmt: skip
    again = _updated(current, ("b", "青岚砧板 36cm", None, 9.0), ("a", "青岚砧板 36cm", None, 9.0))
    assert again.equals(current)


def test_open_rows_are_proposed_anew_in_their_place_with_their_notes() -> None:
    current = _map(
        {"item_key": "z", "sku": "P2", "pieces": "1", "route": "title", "score": "0.9",
         "note": "ask Li", "owner": "Li"},
        {"item_key": "gone", "sku": "P2", "route": "title"},
        {"item_key": "a"},
    )  # fmt: skip
    again = _updated(
        current,
        ("a", "花瓶", None, 90.0),
        ("z", "青岚砧板 36cm", None, 9.0),
        ("n", "花瓶", None, 1.0),
    )
    assert again.select("item_key", "sku", "note", "owner").rows() == [
        ("z", "P3", "ask Li", "Li"), ("gone", "P2", None, None), ("a", None, None, None),
        ("n", None, None, None),
    ]  # fmt: skip


def test_a_product_somebody_wrote_in_stays() -> None:
    current = _map({"item_key": "a", "sku": "P1", "pieces": "2"})
    assert _updated(current, ("a", "青岚砧板 36cm", None, 9.0)).equals(current)


def test_after_a_rejection_the_next_is_proposed_once() -> None:
    current = _map({"item_key": "a", "sku": "P1", "route": "title", "decision": "reject"})
    item = ("a", "保温杯 500ml", None, 9.0)
    again = _updated(current, item)
    assert again.select("sku", "decision").rows() == [("P1", "reject"), ("P2", None)]
    assert _updated(again, item).equals(again)
    both = again.with_columns(pl.lit("reject").alias("decision"))
    assert _updated(both, item).equals(both)


def test_parts_of_a_bundle_are_rows_of_their_own_and_may_become_fewer() -> None:
    found = _updated(NONE, ("a", "套装", "P1*2+P3", 9.0))
    assert found.select("sku", "pieces").rows() == [("P1", "2"), ("P3", "1")]
    noted = found.with_columns(pl.when(pl.col("sku") == "P3").then(pl.lit("!")).alias("note"))
    again = _updated(noted, ("a", "套装", "p1", 9.0))
    assert again.select("sku", "note").rows() == [("P1", None), ("P3", "!")]
    assert _updated(found, ("a", "套装", "p1", 9.0))["sku"].to_list() == ["P1"]


def test_what_needs_no_decision_any_more_goes_unless_it_has_a_note() -> None:
    current = _map({"item_key": "P1"}, {"item_key": "P2", "note": "why?"})
    again = _updated(current, ("P1", "花瓶", "P1", 9.0), ("P2", "花瓶", "P2", 9.0))
    assert again["item_key"].to_list() == ["P2"]


def test_matching_again_changes_nothing_on_disk(tmp_path: Path) -> None:
    items = (
        ("a", "花瓶", None, 1.0),
        ("b", "云釉保温杯 ５００ml", None, 2.0),
        ("007", "=杯", None, 3.0),
    )
    assert product_map.write(_updated(NONE, *items), tmp_path)
    current = product_map.read(tmp_path, products=PRODUCTS)
    assert not product_map.write(_updated(current, *reversed(items)), tmp_path)
