"""Ways to divide demand from the toml, from the file to the shares and the index."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from pydantic import ValidationError

from channelscope import preparation, segment_sets, sqlfile
from channelscope.config import Config, SegmentSet
from channelscope.dimensions import consumers
from channelscope.domain import GroupBy
from channelscope.results import Results

DECLARED = """
[segments.category]
groups = { cooking = ["Cookware 锅具", "Kitchen 厨房 > Knives & boards 刀具砧板"], table = ["Tableware 餐具"] }

[segments.series]
by = "line"
is_need = false
"""  # noqa: E501
COOKING = ("Cookware 锅具", "Knives & boards 刀具砧板")


@pytest.fixture(scope="module")
def declared(
    sample_workspace: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[preparation.Prepared]:
    folder = tmp_path_factory.mktemp("declared") / "workspace"
    shutil.copytree(sample_workspace, folder)
    with (folder / "channelscope.toml").open("a", encoding="utf-8") as toml:
        toml.write(DECLARED)
    prepared = preparation.prepare(preparation.Request(folder))
    yield prepared
    prepared.close()


def test_built_in_sets_come_first_and_a_declared_one_stands_in_their_place() -> None:
    found = segment_sets.table(
        {"wish": SegmentSet(by="sku", groups={"x": ("a", "b")}),
         "price_tier": SegmentSet(by="line", is_need=False)}
    )  # fmt: skip
    assert found.select("segment_set", "is_need", "position", "by_column", "value").rows() == [
        ("category", True, 1, None, None),
        ("price_tier", False, 2, "line", None),
        ("basket_use", True, 3, None, None),
        ("brand_history", True, 4, None, None),
        ("promotion", False, 5, None, None),
        ("wish", True, 6, "sku", "a"),
        ("wish", True, 6, "sku", "b"),
    ]


def test_declared_segments_hold_the_orders_that_paid_most_for_them(
    declared: preparation.Prepared, sample_workspace: Path
) -> None:
    """Counted anew from the lines: an order over two segments is dealt once."""
    found = consumers.compare(declared.answers, declared.scope)["segments"]
    products = pl.read_csv(sample_workspace / "products.csv").select(
        "sku", "line", top=pl.col("category").str.split(" > ").list.get(1),
    ).with_columns(
        category=pl.when(pl.col("top").is_in(COOKING)).then(pl.lit("cooking"))
        .when(pl.col("top") == "Tableware 餐具").then(pl.lit("table"))
    )  # fmt: skip
    period = declared.scope.period
    lines = pl.read_parquet(sample_workspace / "order_lines.parquet").filter(
        ~pl.col("is_excluded"),
        pl.col("ordered_at").dt.date().is_between(period.first, period.last),
    )
    for name, column in (("category", "category"), ("series", "line")):
        sums = lines.join(products, on="sku").group_by("store_id", "order_id", column).agg(
            pl.col("paid_amount").sum()
        )  # fmt: skip
        dealt = sums.sort("paid_amount", column, descending=[True, False], nulls_last=True).unique(
            ["store_id", "order_id"], keep="first", maintain_order=True
        )
        known = dealt.drop_nulls(column)
        told = found.filter(segment_set=name).drop_nulls("share")
        assert told.height >= 8
        for row in told.iter_rows(named=True):
            mine = known.filter(store_id=row["store_id"])
            hits = mine.filter(pl.col(column) == row["segment"]).height
            assert (row["n"], row["share"]) == (mine.height, pytest.approx(hits / mine.height))
            every = dealt.filter(store_id=row["store_id"]).height
            assert row["coverage"] == pytest.approx(mine.height / every)
    assert set(found.filter(segment_set="category")["segment"].drop_nulls()) == {"cooking", "table"}
    # M1 sells too little of the two: less than half of its orders are in either.
    silent = found.filter(segment_set="category", store_id="M1").row(0, named=True)
    assert silent["outcome_reason"] == "reason.few_in_segments"
    assert not found.filter(segment_set="series")["is_need"].any()


def test_groups_hold_the_orders_of_their_stores(
    sample_workspace: Path, sample_results: Results
) -> None:
    prepared = preparation.prepare(
        preparation.Request(sample_workspace, by=GroupBy.PLATFORM)
    )  # fmt: skip
    cube = prepared.frames["need_groups"]
    found = consumers.compare(prepared.answers, prepared.scope)
    prepared.close()
    assert not cube.select(sqlfile.find("scan/need_groups").grain).is_duplicated().any()
    alone = sample_results.tables["segments"].drop_nulls("share")
    for group in prepared.scope.stores:
        for name in ("category", "basket_use", "promotion"):
            stores = alone.filter(pl.col("store_id").is_in(group.members), segment_set=name)
            hits = dict(stores.group_by("segment").agg((pl.col("share") * pl.col("n")).sum())
                        .iter_rows())  # fmt: skip
            mine = found["segments"].filter(segment_set=name, store_id=group.store_id)
            for segment, share, n in mine.drop_nulls("share").select(
                "segment", "share", "n"
            ).iter_rows():  # fmt: skip
                assert share * n == pytest.approx(hits[segment]), (group.store_id, segment)
    # Platforms have a scope each: among them needs are divided, within them nothing is compared.
    assert set(found["diversion"]["scope"]) == {"all"}


@pytest.mark.parametrize(
    ("segments", "expected"),
    [
        ({"use": {"groups": {"cooking": []}}}, "at least one value in cooking"),
        ({"use": {"groups": {"a": ["x", "y"], "b": ["y"]}}}, "'y' in one segment alone"),
        ({"brand_history": {"by": "line"}}, "another name than 'brand_history'"),
    ],
)
def test_segments_that_cannot_hold_are_refused(segments: dict[str, Any], expected: str) -> None:
    with pytest.raises(ValidationError, match=re.escape(expected)):
        Config.model_validate({"segments": segments})


def test_the_same_value_in_two_sets_or_a_path_within_another_is_fine() -> None:
    groups = {"a": ["Home"], "b": ["Home > Pans", "Home > Pans"]}
    found = Config.model_validate({"segments": {"x": {"groups": groups}, "y": {"groups": groups}}})
    assert set(found.segments) == {"x", "y"}
