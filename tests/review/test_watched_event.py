"""An event in progress: the days so far, projected to the end."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from channelscope import reviewing
from channelscope.domain import Period
from channelscope.errors import UsageError
from channelscope.preparation import Request

TO_DAY = date(2026, 6, 2)
EVENT = Period(date(2026, 5, 16), date(2026, 6, 20))
DAYS = {"order_lines": "ordered_at", "traffic": "date", "price_snapshots": "observed_at",
        "service": "date"}  # fmt: skip


@pytest.fixture(scope="module")
def half_way(sample_workspace: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample as it was on the 18th of the 36 days of 618."""
    workspace = tmp_path_factory.mktemp("watch") / "workspace"
    shutil.copytree(sample_workspace, workspace)
    for table, column in DAYS.items():
        path = workspace / f"{table}.parquet"
        rows = pl.read_parquet(path).filter(pl.col(column).cast(pl.Date) <= TO_DAY)
        rows.write_parquet(path)
    return workspace


@pytest.fixture(scope="module")
def tables(half_way: Path) -> dict[str, pl.DataFrame]:
    watched = reviewing.watch(Request(half_way))
    assert watched is not None
    results, found = watched
    assert found.memory is None
    assert [data.figure.name for data in results.figures if data.figure.name == "projection"]
    return found.tables


def _before_refunds(workspace: Path) -> pl.DataFrame:
    lines = pl.read_parquet(workspace / "order_lines.parquet")
    kept = lines.filter(~pl.col("is_excluded").fill_null(False))
    return kept.select("store_id", "paid_amount", day=pl.col("ordered_at").cast(pl.Date))


def test_the_end_lies_in_the_range(tables: dict[str, pl.DataFrame], sample_workspace: Path) -> None:
    """At nominal 80%, of all stores together and of seven stores: most, not all."""
    told = tables["projection"]
    sold = _before_refunds(sample_workspace).filter(
        pl.col("day").is_between(EVENT.first, EVENT.last)
    )
    final = dict(sold.group_by("store_id").agg(pl.col("paid_amount").sum()).iter_rows())
    final["all"] = sum(final.values())
    projected = told.filter(pl.col("projected").is_not_null())
    inside = [
        row["low"] <= float(final[row["store_id"]]) <= row["high"]
        for row in projected.iter_rows(named=True)
    ]
    assert inside[0] and projected["store_id"][0] == "all"
    assert sum(inside) >= 6


def test_so_far_is_what_was_sold_before_refunds(
    tables: dict[str, pl.DataFrame], half_way: Path
) -> None:
    sold = _before_refunds(half_way).filter(pl.col("day") >= EVENT.first)
    row = tables["projection"].filter(store_id="all").row(0, named=True)
    assert row["so_far"] == pytest.approx(float(sold["paid_amount"].sum()))
    assert (row["days_so_far"], row["days"], row["event"]) == (18, 36, "618")
    assert (row["to_day"], row["first"], row["last"]) == (TO_DAY, EVENT.first, EVENT.last)
    assert row["low"] < row["projected"] < row["high"]
    assert set(row["stores"].split("+")) == set(sold["store_id"].unique())
    assert row["growth"] == pytest.approx(row["so_far"] / row["aligned_so_far"] - 1)


def test_a_store_that_opened_since_cannot_be_projected(tables: dict[str, pl.DataFrame]) -> None:
    row = tables["projection"].filter(store_id="S1").row(0, named=True)
    assert row["projected"] is None and row["so_far"] > 0
    assert row["outcome_reason"] == "reason.opened_since"


def test_every_day_of_the_event_has_its_partner(tables: dict[str, pl.DataFrame]) -> None:
    days = tables["aligned_days"]
    assert days["day"].to_list() == list(EVENT.every_day)
    assert set(days["event"]) == {"618"}
    assert tables["variance"]["base"].unique().to_list() == ["aligned"]


def test_without_an_event_in_progress_nothing_is_watched(sample_workspace: Path) -> None:
    assert reviewing.watch(Request(sample_workspace)) is None
    with pytest.raises(UsageError, match="data, which end on 2026-09-30"):
        reviewing.watch(Request(sample_workspace), period="2026-11-01..2026-11-11")


def test_an_event_that_nobody_declared_is_named_with_both_its_days(sample_workspace: Path) -> None:
    against = Period(date(2025, 9, 21), date(2025, 10, 4))
    request = Request(sample_workspace, against=against)
    watched = reviewing.watch(request, period="2026-09-20..2026-10-03")
    assert watched is not None
    _, found = watched
    row = found.tables["projection"].filter(store_id="all").row(0, named=True)
    assert (row["days_so_far"], row["days"]) == (11, 14)
    partners = found.tables["aligned_days"]["aligned_day"].to_list()
    assert partners == list(against.every_day)
