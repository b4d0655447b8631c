"""What makes two titles more alike: the words of one in the other, the spelling, the price."""

from __future__ import annotations

import polars as pl
import pytest

from channelscope.importers import likeness
from channelscope.importers.proposals import propose
from channelscope.importers.titles import HAN, LATIN, said

NONE: dict[str, str] = {}
TITLES = ("Enamelled kettle", "Enamelled teapot", "竹筷", "电子秤", "饭碗")
WORTH = likeness.weights([said(title, markers=NONE) for title in TITLES])


def _words(item: str, product: str, script: str) -> float:
    return likeness.of_words(
        said(item, markers=NONE), said(product, markers=NONE), script=script, worth=WORTH
    )


def test_all_words_in_any_order_are_one() -> None:
    assert _words("kettle enamelled", "Enamelled kettle", LATIN) == pytest.approx(1)
    assert _words("包邮 竹筷 家用", "竹筷", HAN) > 0.9  # praise is known to no product


def test_rare_words_count_more() -> None:
    assert _words("kettle", "Enamelled kettle", LATIN) > _words(
        "enamelled", "Enamelled kettle", LATIN
    )


def test_a_misspelt_word_is_nearer_than_another_word() -> None:
    misspelt = _words("enameled kettle", "Enamelled kettle", LATIN)
    assert misspelt > _words("dotted kettle", "Enamelled kettle", LATIN) + 0.02


def test_a_title_that_names_several_products_is_less_like_each() -> None:
    assert _words("竹筷 电子秤 饭碗", "竹筷", HAN) < _words("竹筷", "竹筷", HAN) - 0.1


def test_nothing_shared_is_nothing() -> None:
    assert _words("vase", "Enamelled kettle", LATIN) == 0
    assert _words("vase", "竹筷", HAN) == 0


@pytest.mark.parametrize(
    ("price", "suggested", "alike"),
    [(98.0, 98.0, 1.0), (None, 98.0, 0.5), (98.0, None, 0.5), (0.0, 98.0, 0.5)],
)
def test_price(price: float | None, suggested: float | None, alike: float) -> None:
    assert likeness.of_price(price, suggested) == alike


def test_price_falls_off_both_ways_alike() -> None:
    assert likeness.of_price(70, 100) == pytest.approx(0.5, abs=0.01)
    assert likeness.of_price(100, 70) == pytest.approx(likeness.of_price(70, 100))
    assert likeness.of_price(90, 100) > likeness.of_price(80, 100)


def test_the_pack_itself_goes_before_several_of_its_pieces() -> None:
    products = pl.DataFrame({"sku": ["one", "two"], "title": ["竹筷 24cm", "竹筷 24cm 2双装"]})
    items = pl.DataFrame({
        "store_id": ["S"] * 2, "item_key": ["1", "2"],
        "title": ["竹筷 24cm 两双装", "竹筷 24cm 4双装"],
    })  # fmt: skip
    made = propose(items, products).select("item_key", "sku", "pieces", "others")
    assert made.row(0) == ("1", "two", 1, None)
    assert made.row(1) == ("2", None, None, "one | two")  # four of one or two of the other


def test_a_material_that_only_the_variant_says() -> None:
    products = pl.DataFrame({"sku": ["A"], "title": ["竹砧板 36cm"]})
    items = pl.DataFrame({
        "store_id": ["S"] * 2, "item_key": ["1", "2"], "title": ["竹砧板 36cm", "砧板 36cm"],
        "variant": [None, "材质:不锈钢"],
    })  # fmt: skip
    assert propose(items, products, threshold=0.3)["item_key"].to_list() == ["1"]
