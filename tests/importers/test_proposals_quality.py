"""How often a proposal by title is right, on labelled pairs, and how long thousands take."""

from __future__ import annotations

import time

import polars as pl
import pytest

from channelscope.importers import likeness, proposals
from tests.importers.perturbed_titles import SAME, Pair, catalogue, pairs

SEEDS = (1, 2, 3)


def _proposed(of: list[Pair], products: pl.DataFrame) -> dict[int, str]:
    items = pl.DataFrame({
        "store_id": ["F1"] * len(of),
        "item_key": [str(at) for at in range(len(of))],
        "title": [pair.title for pair in of],
        "list_price": [pair.price for pair in of],
    })  # fmt: skip
    made = proposals.propose(items, products).filter(pl.col("sku").is_not_null())
    return {int(key): sku for key, sku in made.select("item_key", "sku").iter_rows()}


def _precision(of: list[Pair], made: dict[int, str]) -> float:
    return sum(of[at].sku == sku for at, sku in made.items()) / len(made)


def _recall(of: list[Pair], made: dict[int, str], how: str) -> float:
    meant = [at for at, pair in enumerate(of) if pair.how == how]
    return sum(made.get(at) == of[at].sku for at in meant) / len(meant)


@pytest.mark.parametrize("seed", SEEDS)
def test_proposals_are_right(seed: int) -> None:
    labelled = pairs(seed=seed)
    assert sum(pair.sku is not None for pair in labelled) == 300
    assert sum(pair.sku is None for pair in labelled) > 80
    made = _proposed(labelled, catalogue())
    recalls = {how: _recall(labelled, made, how) for how in SAME}
    told = ", ".join(f"{how} {recall:.2f}" for how, recall in recalls.items())
    print(f"precision {_precision(labelled, made):.4f} of {len(made)}; recall: {told}")  # noqa: T201
    assert _precision(labelled, made) >= 0.98
    assert all(recall >= 0.9 for how, recall in recalls.items() if how != "line"), told


def test_brand_dropped_is_no_difference() -> None:
    """The brand stands in every title of the catalogue and in none of the shop."""
    branded = catalogue().with_columns("蓝溪" + pl.col("title").str.replace(" · ", " · Lanxi "))
    labelled = [pair for pair in pairs(seed=5) if pair.how in ("size", "width", "order")]
    made = _proposed(labelled, branded)
    assert _precision(labelled, made) == 1
    assert len(made) >= 0.9 * len(labelled)


def test_products_missing_from_the_catalogue_get_no_sister() -> None:
    labelled = [pair for pair in pairs(seed=4) if pair.how != "line"]
    half = catalogue().filter(pl.col("sku").hash(seed=7) % 2 == 0)
    there = set(half["sku"].to_list())
    cut = [Pair(p.title, p.how, p.sku if p.sku in there else None, p.price) for p in labelled]
    made = _proposed(cut, half)
    assert len(made) > 80
    assert _precision(cut, made) >= 0.98


@pytest.mark.parametrize("check", ["_sizes", "_colours", "_pieces"])
def test_pairs_would_show_a_missing_check(check: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Else the precision above would say nothing about sizes, colours and sets."""
    blind = likeness.Agreement(1, 0) if check == "_pieces" else 0
    monkeypatch.setattr(likeness, check, lambda item, product: blind)
    labelled = pairs(seed=1)
    assert _precision(labelled, _proposed(labelled, catalogue())) < 0.98


@pytest.mark.slow
def test_thousands_take_seconds() -> None:
    products = pl.concat(
        catalogue().with_columns(pl.col("sku") + f"-{n}", pl.col("title") + f" No.{n}")
        for n in range(30)
    )
    items = products.head(3_000).select(
        pl.lit("F1").alias("store_id"), pl.col("sku").alias("item_key"), "title"
    )
    assert products.height > 4_800
    start = time.process_time()
    made = proposals.propose(items, products)
    assert time.process_time() - start < 30
    assert (made["sku"] == made["item_key"]).sum() > 2_900
