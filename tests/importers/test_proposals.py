"""Each route of a proposal, and what keeps a pair from being one."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from channelscope.importers.proposals import DOUBTFUL, THRESHOLD, propose

PRODUCTS = pl.DataFrame({
    "sku": ["LX-1", "LX-2", "LX-3", "LX-4", "LX-5", "LX-6", "LX-7", "LX-8", "LX-9"],
    "title": [
        "青岚真空保温杯 500ml", "青岚真空保温杯 750ml", "青岚骨瓷饭碗 4件套",
        "云釉真空保温杯 500ml", "云釉马克杯 米白色", "青岚竹砧板 大号",
        "云釉电子秤 ES-20", "青岚抽纸 6包装", "云釉竹筷",
    ],
    "line": ["青岚", "青岚", "青岚", "云釉", "云釉", "青岚", "云釉", "青岚", "云釉"],
    "gtin": ["6970202400004", None, "6970202400141", None, None, None, None, None, None],
    "suggested_price": [98.0, 122.0, 74.0, 98.0, 30.0, 50.0, 80.0, 20.0, 15.0],
})  # fmt: skip


def _proposed(**item: Any) -> list[dict[str, Any]]:
    items = pl.DataFrame(
        {"store_id": ["F1"], "item_key": ["k"], **{k: [v] for k, v in item.items()}}
    )
    return propose(items, PRODUCTS).to_dicts()


def _sku(**item: Any) -> str | None:
    found = _proposed(**item)
    return found[0]["sku"] if found else None


@pytest.mark.parametrize("where", ["gtin", "sku_code", "item_code"])
@pytest.mark.parametrize("number", ["6970202400004", "06970202400004", '="6970202400004"'])
def test_trade_number(where: str, number: str) -> None:
    [row] = _proposed(**{where: number, "title": "something else"})
    assert (row["sku"], row["route"], row["pieces"], row["score"]) == ("LX-1", "gtin", 1, 1.0)


def test_trade_number_of_two_products_is_of_none() -> None:
    twice = PRODUCTS.with_columns(pl.lit("6970202400004").alias("gtin"))
    items = pl.DataFrame({"store_id": ["F1"], "item_key": ["k"], "gtin": ["6970202400004"]})
    assert propose(items, twice).is_empty()


def test_number_goes_before_code_and_code_before_title() -> None:
    title = "云釉真空保温杯 500ml"
    assert _sku(gtin="6970202400004", sku_code="lx3", title=title) == "LX-1"
    assert _sku(sku_code="lx3", title=title) == "LX-3"
    assert _sku(title=title) == "LX-4"


def test_code_in_another_spelling() -> None:
    [row] = _proposed(item_code="ｌｘ 2")
    assert (row["sku"], row["route"], row["score"]) == ("LX-2", "code", 1.0)
    assert _proposed(item_code="LX-22") == []


def test_title_of_another_size_makes_a_code_doubtful() -> None:
    [row] = _proposed(sku_code="lx-1", title="青岚真空保温杯 750ml")
    assert (row["sku"], row["score"]) == ("LX-1", DOUBTFUL)


def test_bundle_by_code() -> None:
    rows = _proposed(sku_code="LX-2*2+lx1")
    assert [(row["sku"], row["pieces"], row["route"]) for row in rows] == [
        ("LX-1", 1, "code"), ("LX-2", 2, "code"),
    ]  # fmt: skip
    assert _proposed(sku_code="LX-2+XX-1") == []  # half a bundle is none


@pytest.mark.parametrize(
    ("title", "sku", "pieces"),
    [
        ("青岚真空保温杯 500ml 2只装", "LX-1", 2),
        ("青岚真空保温杯 500ml*3", "LX-1", 3),
        ("青岚骨瓷饭碗 4只装", "LX-3", 1),  # the set itself
        ("青岚骨瓷饭碗 4件套 2套装", "LX-3", 2),
        ("青岚骨瓷饭碗 6只装", None, 0),  # no whole number of sets
        ("青岚骨瓷饭碗 2件套", None, 0),
        ("青岚真空保温杯 500ml 3件套", None, 0),  # a set is not the single
        ("青岚抽纸 12包装", "LX-8", 2),
        ("青岚抽纸 9包装", None, 0),
        ("青岚抽纸 6件套", "LX-8", 1),
        ("青岚真空保温杯 500ml 2只装*3", None, 0),  # which of both?
    ],
)
def test_pieces(title: str, sku: str | None, pieces: int) -> None:
    found = _proposed(title=title)
    assert [(row["sku"], row["pieces"]) for row in found] == ([(sku, pieces)] if sku else [])


@pytest.mark.parametrize(
    ("title", "sku"),
    [
        ("0.5L 保温杯 青岚 真空", "LX-1"),
        ("青岚真空保温杯 350ml", None),
        ("青岚真空保温杯", None),  # of two sizes
        ("竹里真空保温杯 900ml", None),
        ("云釉马克杯 米白", "LX-5"),
        ("云釉马克杯 墨绿色", None),
        ("云釉马克杯", None),  # the colour is not said
        ("青岚竹砧板 大号", "LX-6"),
        ("青岚竹砧板 小号", None),
        ("青岚实木砧板 大号", None),
        ("云釉电子秤 ES20 家用", "LX-7"),
        ("云釉电子秤 ES-20 家用", "LX-7"),
        ("云釉电子秤 ES-30", None),
        ("云釉竹筷", "LX-9"),
        ("云釉不锈钢筷", None),
    ],
)
def test_titles(title: str, sku: str | None) -> None:
    assert _sku(title=title) == sku


def test_products_that_fit_equally_are_named_and_none_proposed() -> None:
    [row] = _proposed(title="真空保温杯 500ml")
    assert row["sku"] is None
    assert row["others"] == "LX-1 | LX-4"


def test_price_of_a_piece_tells_apart_what_titles_cannot() -> None:
    dear = PRODUCTS.with_columns(
        pl.when(pl.col("sku") == "LX-4").then(198.0).otherwise("suggested_price")
        .alias("suggested_price")
    )  # fmt: skip
    items = pl.DataFrame({
        "store_id": ["F1"] * 2, "item_key": ["one", "two"],
        "title": ["真空保温杯 500ml", "真空保温杯 500ml 2只装"], "list_price": [190.0, 190.0],
    })  # fmt: skip
    assert propose(items, dear)["sku"].to_list() == ["LX-4", "LX-1"]


def test_what_was_turned_down_is_not_proposed_again() -> None:
    items = pl.DataFrame({"store_id": ["F1"], "item_key": ["k"], "title": ["真空保温杯 500ml"]})
    first = propose(items, PRODUCTS, turned_down={("F1", "k", "LX-1")})
    assert first["sku"].to_list() == ["LX-4"]
    assert propose(items, PRODUCTS, turned_down={("F2", "k", "LX-1")})["sku"].to_list() == [None]
    numbered = items.with_columns(pl.lit("6970202400004").alias("gtin"))
    assert propose(numbered, PRODUCTS, turned_down={("F1", "k", "LX-1")})["sku"].to_list() == [
        "LX-4"
    ]
    coded = items.with_columns(pl.lit("lx1").alias("sku_code"))
    assert propose(coded, PRODUCTS, turned_down={("F1", "k", "LX-1")})["route"].to_list() == [
        "title"
    ]


def test_threshold_decides() -> None:
    items = pl.DataFrame({"store_id": ["F1"], "item_key": ["k"], "title": ["云釉马克杯"]})
    [row] = propose(items, PRODUCTS, threshold=0.5).to_dicts()
    assert row["sku"] == "LX-5"
    assert 0.5 < row["score"] < THRESHOLD


def test_size_of_the_product_may_stand_in_its_columns() -> None:
    products = pl.DataFrame({
        "sku": ["A", "B", "C", "D"],
        "title": ["Vacuum flask", "Rice bowls", "Salad spinner", "Soda maker 355ml"],
        "unit_size": [500.0, 4.0, 1.0, 355.0], "unit": ["ml", "piece", "piece", "ml"],
    })  # fmt: skip
    items = pl.DataFrame({
        "store_id": ["S"] * 6, "item_key": ["1", "2", "3", "4", "5", "6"],
        "title": ["vacuum flask 0.5L", "vacuum flask 350ml",
                  "rice bowls set of 4", "rice bowls set of 6",
                  "salad spinner", "soda maker 12 fl oz"],
    })  # fmt: skip
    made = propose(items, products)
    assert made.select("item_key", "sku").rows() == [
        ("1", "A"), ("3", "B"), ("5", "C"), ("6", "D"),
    ]  # fmt: skip


def test_order_of_rows_makes_no_difference() -> None:
    items = PRODUCTS.select(
        pl.lit("F1").alias("store_id"), pl.col("sku").alias("item_key"), pl.col("title") + " 新款"
    )
    assert propose(items.reverse(), PRODUCTS.reverse()).equals(propose(items, PRODUCTS))


def test_nothing_to_match() -> None:
    items = pl.DataFrame({"store_id": ["F1"], "item_key": ["k"], "title": ["锅"]})
    assert propose(items.clear(), PRODUCTS).is_empty()
    assert propose(items, PRODUCTS.clear()).is_empty()
    assert _proposed(title=None) == []


def test_a_brand_in_letters_is_not_the_name_of_a_product() -> None:
    products = pl.DataFrame({"sku": ["A", "B"], "title": ["KitchenAid 水壶", "Braun 烤箱"]})
    items = pl.DataFrame({
        "store_id": ["S"] * 3, "item_key": ["1", "2", "3"],
        "title": ["KitchenAid 打蛋器", "KitchenAid 水壶", "Braun"],
    })  # fmt: skip
    made = propose(items, products)
    assert made.select("item_key", "sku").rows()[:1] == [("2", "A")]


def test_the_right_one_of_many_sizes_is_looked_at() -> None:
    products = pl.DataFrame({
        "sku": [f"{n:03}" for n in range(1, 101)],
        "title": [f"置物架 {n}cm" for n in range(1, 101)],
    })  # fmt: skip
    items = pl.DataFrame({"store_id": ["S"], "item_key": ["k"], "title": ["置物架 970mm"]})
    assert propose(items, products)["sku"].to_list() == ["097"]
