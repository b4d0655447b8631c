"""The price order of the sample by kind, platform and operator: the sums of a run by stores."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest

from channelscope import preparation, sqlfile
from channelscope.dimensions import _price_order
from channelscope.domain import GroupBy, Period

Tables = dict[str, pl.DataFrame]
SUMS = ("days_below", "days_own", "units", "shortfall_amount")
MONTH = ("sku", "period_start")


def _tables(prepared: preparation.Prepared) -> Tables:
    days = prepared.answers.run(sqlfile.find("price/priced_days"))
    return {
        **_price_order.price_order(prepared.answers, prepared.scope),
        "priced_days": days.filter(rung="one_piece"),
    }


@pytest.fixture(scope="module")
def by_store(sample_workspace: Path) -> Iterator[Tables]:
    prepared = preparation.prepare(preparation.Request(sample_workspace))
    yield _tables(prepared)
    prepared.close()


@pytest.fixture(scope="module", params=list(GroupBy))
def by_group(
    sample_workspace: Path, request: pytest.FixtureRequest
) -> Iterator[tuple[preparation.Prepared, Tables]]:
    prepared = preparation.prepare(preparation.Request(sample_workspace, by=request.param))
    yield prepared, _tables(prepared)
    prepared.close()


def _joined(frame: pl.DataFrame, prepared: preparation.Prepared) -> pl.DataFrame:
    owner = {m: store.store_id for store in prepared.scope.stores for m in store.members}
    return frame.with_columns(pl.col("store_id").replace_strict(owner, return_dtype=pl.String))


def test_each_groups_days_and_pieces_are_the_sums_of_its_stores(
    by_store: Tables, by_group: tuple[preparation.Prepared, Tables]
) -> None:
    prepared, tables = by_group
    keys = ["store_id", *MONTH]
    # A gap to the reference is to another price; what is below the suggested one is not.
    want = (
        _joined(by_store["price_gaps"], prepared)
        .filter(pl.col("days_below") > 0)
        .group_by(keys)
        .agg(pl.col("days_below", "days_own").sum(),
             *(pl.when(pl.col(name).count() > 0).then(pl.col(name).sum()).alias(name)
               for name in SUMS[2:]))
        .sort(keys)
    )  # fmt: skip
    got = tables["price_gaps"].filter(pl.col("days_below") > 0).sort(keys)
    assert got.height > 500
    assert got.select(*keys, *SUMS[:2]).equals(want.select(*keys, *SUMS[:2]))
    for name in SUMS[2:]:
        assert (got[name] - want[name]).abs().max() < 1e-3
        assert (got[name].is_null() == want[name].is_null()).all()


def test_days_with_a_price_are_those_of_all_stores(
    by_store: Tables, by_group: tuple[preparation.Prepared, Tables]
) -> None:
    prepared, tables = by_group
    keys = ["store_id", "sku"]
    summed = _joined(by_store["priced_days"], prepared).group_by(keys).agg(pl.col("days").sum())
    got = tables["priced_days"].select(*keys, "days").sort(keys)
    assert got.equals(summed.sort(keys))
    months = tables["price_gaps"].group_by(keys).agg(pl.col("days").sum())
    held = months.join(got, on=keys, suffix="_all")
    assert (held["days"] <= held["days_all"]).all()


def test_shares_are_those_of_a_plain_count_of_the_shelf(
    sample_workspace: Path, by_group: tuple[preparation.Prepared, Tables]
) -> None:
    prepared, tables = by_group
    rows = tables["metrics"].filter(metric="below_suggested_share")
    want = _counted(sample_workspace, prepared).sort("store_id")
    got = rows.select("store_id", "value").sort("store_id")
    assert got["store_id"].to_list() == want["store_id"].to_list()
    assert (got["value"] - want["value"]).abs().max() < 1e-9


def _counted(workspace: Path, prepared: preparation.Prepared) -> pl.DataFrame:
    """Days below of all stores of each group, day by day, from the snapshots themselves."""
    period: Period = prepared.scope.period
    day = pl.col("observed_at").dt.date()
    seen = (
        pl.read_parquet(workspace / "price_snapshots.parquet")
        .filter(day.is_between(period.first, period.last), pl.col("listed").fill_null(True))
        .with_columns(week=day.dt.truncate("1w"), month=day.dt.month_start())
        .group_by("store_id", "sku", "week", "month")
        .agg(price=pl.col("net_price").cast(pl.Float64).mean())
    )
    calendar = pl.DataFrame(
        {"day": pl.date_range(period.first, period.last, eager=True)}
    ).with_columns(week=pl.col("day").dt.truncate("1w"), month=pl.col("day").dt.month_start())
    suggested = pl.read_csv(workspace / "products.csv").select("sku", "suggested_price")
    days = (
        seen.drop_nulls("price")
        .join(calendar, on=["week", "month"])
        .join(suggested.drop_nulls(), on="sku")
        .with_columns(is_below=pl.col("price") < 0.99 * pl.col("suggested_price") - 1e-9)
    )
    return _joined(days, prepared).group_by("store_id").agg(value=pl.col("is_below").mean())


def test_a_platforms_money_stays_the_platforms_in_every_group(
    by_store: Tables, by_group: tuple[preparation.Prepared, Tables]
) -> None:
    prepared, tables = by_group
    shares = {
        name: dict(tables["metrics"].filter(metric=name).select("store_id", "value").iter_rows())
        for name in ("platform_gap_share", "own_breach_share")
    }
    days = dict(_joined(by_store["priced_days"], prepared)
                .group_by("store_id").agg(pl.col("days").sum()).iter_rows())  # fmt: skip
    subsidised = by_store["price_gaps"].filter(store_id="D1", funder="platform")["days_below"].sum()
    with_d1 = next(store for store in prepared.scope.stores if "D1" in store.members)
    found = shares["platform_gap_share"]
    assert found[with_d1.store_id] == pytest.approx(subsidised / days[with_d1.store_id], rel=1e-3)
    assert {share for group, share in found.items() if group != with_d1.store_id} == {0}
