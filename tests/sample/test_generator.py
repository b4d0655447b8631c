"""The generator: the same bytes for a seed, sizes as asked, closing a store changes no luck."""

from __future__ import annotations

import filecmp
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from sample_data.generator.orders import export
from sample_data.generator.promotions import promo_ids, promotions_frame
from sample_data.generator.simulation import SEED, Design, simulate
from sample_data.generator.stores import IDS
from sample_data.generator.workspace import write_workspace

TINY = 2_000
DESIGNED = {"channelscope.toml", "stores.csv", "products.csv", "promotions.csv",
            "price_snapshots.parquet", "fx.csv"}  # fmt: skip


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    base = tmp_path_factory.mktemp("generated")
    for name, seed in (("first", 5), ("again", 5), ("other", 6)):
        write_workspace(base / name, lines=TINY, seed=seed)
    return {name: base / name for name in ("first", "again", "other")}


def test_a_seed_gives_the_same_bytes(folders: dict[str, Path]) -> None:
    names = [path.name for path in folders["first"].iterdir()]
    same, _, _ = filecmp.cmpfiles(folders["first"], folders["again"], names, shallow=False)
    assert sorted(same) == sorted(names)


def test_another_seed_draws_other_buyers_on_the_same_design(folders: dict[str, Path]) -> None:
    names = [path.name for path in folders["first"].iterdir()]
    same, _, _ = filecmp.cmpfiles(folders["first"], folders["other"], names, shallow=False)
    assert set(same) == DESIGNED


@pytest.mark.parametrize("asked", [10_000, 40_000])
def test_lines_come_out_as_asked(design: Design, asked: int) -> None:
    written = sum(month.height for month in simulate(design, lines=asked, seed=3))
    assert written == pytest.approx(asked, rel=0.05)


def test_closing_s1_moves_its_orders_and_nothing_else(design: Design) -> None:
    s1 = IDS.index("S1")
    moved = 0
    opened = simulate(design, lines=8_000, seed=9)
    closed = simulate(design, lines=8_000, seed=9, closed=frozenset({"S1"}))
    for before, after in zip(opened, closed, strict=True):
        there = before.filter(pl.col("store") == s1)["occasion"].unique().to_list()
        assert_frame_equal(
            before.filter(~pl.col("occasion").is_in(there)),
            after.filter(~pl.col("occasion").is_in(there)),
        )
        assert s1 not in after["store"].to_list()
        moved += after.filter(pl.col("occasion").is_in(there)).n_unique("occasion")
    assert moved > 50


def test_a_cheaper_basket_draws_buyers(design: Design) -> None:
    """Stores are chosen by what the basket costs: three pieces lean to F1, one piece to D1."""
    orders = pl.concat([
        month.group_by("store", "day", "occasion", "need").agg(pl.col("pieces").sum())
        for month in simulate(design, lines=40_000, seed=4)
    ])  # fmt: skip
    many = orders.filter(pl.col("need") == 2)
    f1, d1 = IDS.index("F1"), IDS.index("D1")
    share = {
        pieces: many.filter(pl.col("pieces").is_in(pieces), pl.col("store").is_in([f1, d1]))
        .select((pl.col("store") == f1).mean())
        .item()
        for pieces in ((1,), (3, 4, 5))
    }
    assert share[3, 4, 5] > share[(1,)] + 0.15


def test_the_shipped_lines_are_the_generators(design: Design, lines: pl.DataFrame) -> None:
    month = next(simulate(design))
    ids = promo_ids(design.promotions)
    made = export(month, skus=design.catalogue.sku, promo_ids=ids, seed=SEED)
    shipped = lines.filter(pl.col("ordered_at") < pl.datetime(2024, 11, 1))
    keys = ["store_id", "order_id", "line_no", "sku", "buyer_id", "ship_region", "promo_id"]
    grain = ["store_id", "order_id", "line_no"]
    assert_frame_equal(
        made.select(keys).sort(grain), shipped.select(keys).sort(grain), check_dtypes=False
    )
    cents = shipped.sort(grain)["paid_amount"].cast(pl.Float64).to_numpy() * 100
    assert np.rint(cents).tolist() == made.sort(grain)["paid_amount"].to_list()


def test_the_shipped_calendar_is_the_generators(design: Design, sample_workspace: Path) -> None:
    made = promotions_frame(design.promotions, catalogue=design.catalogue)
    text = made.write_csv(datetime_format="%Y-%m-%d %H:%M:%S")
    assert (sample_workspace / "promotions.csv").read_text(encoding="utf-8") == text
