"""Neutral names: by kind and size, never by the old name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

import polars as pl
import pytest

from channelscope import neutral_names
from channelscope.neutral_names import NeutralNames

STORES = {
    "store_id": pl.String, "name": pl.String, "kind": pl.String, "platform": pl.String,
    "operator": pl.String, "regions": pl.String, "buyer_id_scope": pl.String,
}  # fmt: skip


def _frames(
    stores: Sequence[tuple[object, ...]], sold: Mapping[str, str], seen: Mapping[str, int]
) -> dict[str, pl.DataFrame]:
    paid = {store: Decimal(amount) for store, amount in sold.items()}
    promotions = [(s, f"{s}-{at}") for s in [row[0] for row in stores] for at in (2, 1)]
    return {
        "stores": pl.DataFrame(list(stores), schema=STORES, orient="row"),
        "line_counts": pl.DataFrame(
            {"store_id": list(paid), "paid_amount": list(paid.values())},
            schema={"store_id": pl.String, "paid_amount": pl.Decimal(18, 4)},
        ),
        "shelf_span": pl.DataFrame(
            {"store_id": list(seen), "snapshots": list(seen.values())},
            schema={"store_id": pl.String, "snapshots": pl.Int64},
        ),
        "promotions": pl.DataFrame(
            promotions, schema={"store_id": pl.String, "promo_id": pl.String}, orient="row"
        ).with_columns(label=pl.col("store_id") + " sale", scope=pl.lit("store")),
    }


@pytest.fixture
def frames() -> dict[str, pl.DataFrame]:
    return _frames(
        [
            ("A", "Shop A", "distributor", "tmall", "Ann", "广东", "tmall"),
            ("B", "Shop B", "distributor", "jd", "Bob", None, "Bob's ids"),
            ("C", "Shop C", "distributor", "jd", "Ann", None, None),
            ("D", "Shop D", "flagship", "tmall", "own", None, "tmall"),
        ],
        {"A": "10", "B": "90", "D": "5"},
        {"C": 7},
    )


def test_the_largest_of_a_kind_is_the_first(frames: dict[str, pl.DataFrame]) -> None:
    names = neutral_names.draw(frames)
    assert names.stores == {
        "A": "distributor 2", "B": "distributor 1", "C": "distributor 3", "D": "flagship 1",
    }  # fmt: skip


def test_partners_are_counted_and_the_brand_stays_own(frames: dict[str, pl.DataFrame]) -> None:
    told = NeutralNames.frames(neutral_names.draw(frames), frames)["stores"]
    assert told.select("store_id", "name", "operator", "buyer_id_scope", "regions").rows() == [
        ("distributor 1", "distributor 1", "partner 1", "buyer ids 1", None),
        ("distributor 2", "distributor 2", "partner 2", "tmall", None),
        ("distributor 3", "distributor 3", "partner 2", None, None),
        ("flagship 1", "flagship 1", "own", "tmall", None),
    ]


def test_promotions_keep_their_order_and_lose_their_labels(
    frames: dict[str, pl.DataFrame],
) -> None:
    told = neutral_names.draw(frames).frame("promotions", frames["promotions"])
    assert told.row(0, named=True) == {
        "store_id": "distributor 2", "promo_id": "distributor 2 promotion 2", "label": None,
        "scope": "store",
    }  # fmt: skip


def test_ten_stores_sort_as_they_count() -> None:
    rows = [(f"X{at}", "", "outlet", "jd", None, None, None) for at in range(10)]
    frames = _frames(rows, {f"X{at}": str(at) for at in range(10)}, {})
    names = neutral_names.draw(frames).stores
    assert names["X9"] == "outlet 01" and names["X0"] == "outlet 10"


def test_the_order_of_the_table_says_nothing(frames: dict[str, pl.DataFrame]) -> None:
    turned = {**frames, "stores": frames["stores"].reverse()}
    assert neutral_names.draw(turned).stores == neutral_names.draw(frames).stores


@pytest.mark.parametrize("orders", [["F1-9", "F1-10", "F1-9"], []])
def test_orders_are_numbered(frames: dict[str, pl.DataFrame], orders: list[str]) -> None:
    lines = pl.DataFrame({"order_id": orders}, schema={"order_id": pl.String})
    told = neutral_names.draw(frames).frame("sampled_lines", lines)["order_id"].to_list()
    assert told == (["order 2", "order 1", "order 2"] if orders else [])


def test_without_names_all_stays(frames: dict[str, pl.DataFrame]) -> None:
    assert NeutralNames().frames(frames)["stores"].equals(frames["stores"])
