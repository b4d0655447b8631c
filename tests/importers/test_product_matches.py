"""Which products an item is, by each route, and how a bundle is shared out."""

from __future__ import annotations

import polars as pl
import pytest

from channelscope.importers.product_map import COLUMNS
from channelscope.importers.product_matches import MATCHES, item_matches

PRODUCTS = pl.DataFrame({
    "sku": ["A", "B", "C"], "suggested_price": [30.0, 10.0, None],
})  # fmt: skip


def _map(*rows: tuple[str, str, str | None, str | None, str | None]) -> pl.DataFrame:
    names = ("store_id", "item_key", "sku", "pieces", "decision")
    made = [{**dict.fromkeys(COLUMNS), **dict(zip(names, row, strict=True))} for row in rows]
    return pl.DataFrame(made, schema=dict.fromkeys(COLUMNS, pl.String))


def _matches(items: list[tuple[str, str, str | None]], *rows: tuple) -> list[tuple]:  # type: ignore[type-arg]
    frame = pl.DataFrame(
        items, schema=dict.fromkeys(("store_id", "item_key", "sku_code"), pl.String), orient="row"
    )
    found = item_matches(frame, products=PRODUCTS, product_map=_map(*rows))
    assert found.schema == pl.Schema(MATCHES)
    return found.rows()


def test_each_route() -> None:
    items = [
        ("F1", "B", "B"),
        ("F1", "b", "b"),  # another spelling is a proposal, no match
        ("F1", "k/红", None),
        ("F2", "k/红", None),
        ("F1", "n", None),
        ("F1", "Z9", "Z9"),
    ]
    decided = [
        ("F1", "k/红", "A", "2", "accept"),
        ("F1", "n", None, None, "new"),
        ("F1", "Z9", "A", "1", "new"),  # what was proposed is not what it is
        ("F1", "b", "B", "1", None),
    ]
    assert _matches(items, *decided) == [
        ("F1", "B", 1, "B", 1, 1.0, "code"),
        ("F1", "Z9", 1, "Z9", 1, 1.0, "new"),
        ("F1", "b", 1, "F1/b", 1, 1.0, "unmatched"),
        ("F1", "k/红", 1, "A", 2, 1.0, "map"),
        ("F1", "n", 1, "F1/n", 1, 1.0, "new"),
        ("F2", "k/红", 1, "F2/k/红", 1, 1.0, "unmatched"),
    ]


def test_what_a_person_decided_goes_before_the_code() -> None:
    item = [("F1", "A", "A")]
    assert _matches(item, ("F1", "A", "B", "3", "accept"))[0][3:] == ("B", 3, 1.0, "map")
    assert _matches(item, ("F1", "A", "A", "1", "reject"))[0][3:] == ("F1/A", 1, 1.0, "unmatched")
    assert _matches(item, ("F1", "A", "B", "1", "reject"))[0][3:] == ("A", 1, 1.0, "code")
    assert _matches(item, ("F2", "A", "A", "1", "reject"))[0][3:] == ("A", 1, 1.0, "code")


def test_bundle_is_shared_by_price_and_pieces() -> None:
    rows = _matches(
        [("F1", "x", None)], ("F1", "x", "B", "2", "accept"), ("F1", "x", "A", "1", "accept")
    )
    assert rows == [
        ("F1", "x", 1, "A", 1, 0.6, "map"),  # 30 of 30 + 2 × 10
        ("F1", "x", 2, "B", 2, 0.4, "map"),
    ]


def test_bundle_with_an_unknown_price_is_shared_by_pieces() -> None:
    rows = _matches(
        [("F1", "x", None)], ("F1", "x", "C", "3", "accept"), ("F1", "x", "A", "1", "accept")
    )
    assert [row[5] for row in rows] == [0.25, 0.75]


def test_products_without_prices() -> None:
    found = item_matches(
        pl.DataFrame({"store_id": ["F1"], "item_key": ["x"]}),
        products=PRODUCTS.select("sku"),
        product_map=_map(("F1", "x", "B", "1", "accept"), ("F1", "x", "A", "1", "accept")),
    )
    assert found["share"].to_list() == [0.5, 0.5]


def test_an_item_that_comes_twice_is_one() -> None:
    assert len(_matches([("F1", "B", "B"), ("F1", "B", "B")])) == 1


@pytest.mark.parametrize("pieces", ["2", "2.0"])
def test_pieces_as_a_spreadsheet_writes_them(pieces: str) -> None:
    assert _matches([("F1", "x", None)], ("F1", "x", "A", pieces, "accept"))[0][4] == 2
