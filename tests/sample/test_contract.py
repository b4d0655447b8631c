"""The shipped workspace keeps the contract: tables, keys, sizes, the identity of every row."""

from __future__ import annotations

import tomllib
from datetime import date, datetime
from pathlib import Path

import polars as pl
import pytest

from channelscope.contract import BY_NAME

DISCOUNTS = ["markdown", "subsidy", "tier_qty", "coupon_shop", "tier_cross"]


def read(folder: Path, name: str) -> pl.DataFrame:
    parquet = folder / f"{name}.parquet"
    if parquet.exists():
        return pl.read_parquet(parquet)
    return pl.read_csv(folder / f"{name}.csv", try_parse_dates=True)


@pytest.mark.parametrize("name", sorted(BY_NAME))
def test_every_table_is_there_with_unique_keys_and_known_columns(
    name: str, sample_workspace: Path
) -> None:
    frame, table = read(sample_workspace, name), BY_NAME[name]
    assert frame.height > 0
    assert set(frame.columns) <= {column.name for column in table.columns}
    assert {column.name for column in table.columns if column.required} <= set(frame.columns)
    assert frame.select(table.grain).is_duplicated().sum() == 0


def test_it_stays_small(sample_workspace: Path) -> None:
    size = sum(path.stat().st_size for path in sample_workspace.iterdir() if path.is_file())
    assert size < 8_000_000


def test_counts_are_as_planned(sample_workspace: Path, lines: pl.DataFrame) -> None:
    assert 175_000 <= lines.height <= 185_000
    products = read(sample_workspace, "products")
    assert products.height == 160
    assert products["category"].n_unique() == 6
    assert products["category"].str.count_matches(" > ").unique().to_list() == [1]
    stores = read(sample_workspace, "stores")
    kinds = dict(zip(stores["store_id"], stores["kind"] + " " + stores["platform"], strict=True))
    assert kinds == {
        "F1": "flagship tmall", "F2": "flagship jd", "S1": "specialty tmall",
        "M1": "multibrand jd", "M2": "multibrand pdd", "D1": "distributor tmall",
        "D2": "distributor pdd", "D3": "distributor pdd", "X1": "distributor taobao",
    }  # fmt: skip
    assert lines["ordered_at"].min() >= datetime(2024, 10, 1)
    assert lines["ordered_at"].max() < datetime(2026, 10, 1)
    year = lines.filter(pl.col("ordered_at") >= datetime(2025, 10, 1))
    orders = dict(year.group_by("store_id").agg(pl.col("order_id").n_unique()).iter_rows())
    assert min(orders["D2"], orders["D3"]) >= 3_000
    assert "X1" not in orders


def test_the_row_identity_holds_but_for_the_planted_lines(lines: pl.DataFrame) -> None:
    off = pl.sum_horizontal(f"discount_{name}" for name in DISCOUNTS)
    rest = pl.col("qty") * pl.col("list_price") - off - pl.col("paid_amount")
    broken = lines.select(rest.cast(pl.Float64).abs() > 0.01 * pl.col("qty").cast(pl.Float64))
    assert 0.0035 < broken.to_series().mean() < 0.0065
    money = [f"discount_{name}" for name in DISCOUNTS] + ["paid_amount", "refunded_amount"]
    assert lines.select(pl.min_horizontal(pl.col(money).min()) >= 0).item()


def test_refunds_are_known_up_to_the_end_and_young_ones_are_still_to_come(
    lines: pl.DataFrame,
) -> None:
    assert lines["refunded_at"].max() < datetime(2026, 10, 1)
    assert lines.select((pl.col("refunded_amount") <= pl.col("paid_amount")).all()).item()
    assert lines.select(
        ((pl.col("refunded_amount") > 0) == pl.col("refunded_at").is_not_null()).all()
    ).item()
    share = (
        pl.col("refunded_amount").cast(pl.Float64).sum()
        / pl.col("paid_amount").cast(pl.Float64).sum()
    )
    day = pl.col("ordered_at").dt.date()
    young = lines.filter(day > date(2026, 9, 15)).select(share).item()
    mature = lines.filter(day.is_between(date(2026, 6, 1), date(2026, 8, 15))).select(share).item()
    assert young < 0.65 * mature


def test_blemishes_are_as_planted(lines: pl.DataFrame, truth: dict[str, dict]) -> None:
    first = lines.filter(pl.col("line_no") == 1)
    planted = truth["blemishes"]
    assert first["is_excluded"].mean() == pytest.approx(
        planted["excluded_share"]["computed"], abs=0.001
    )
    pdd = first.filter(pl.col("store_id").is_in(["M2", "D2", "D3"]))
    late = pl.col("ordered_at") >= datetime(2026, 1, 1)
    masked = pdd.filter(late)["buyer_id"].is_null().mean()
    assert masked == pytest.approx(planted["masked_share"]["computed"], abs=0.02)
    assert pdd.filter(~late)["buyer_id"].null_count() == 0
    others = first.filter(~pl.col("store_id").is_in(["M2", "D2", "D3"]))
    assert others["buyer_id"].null_count() == 0


def test_only_d2_ships_outside_its_regions(sample_workspace: Path, lines: pl.DataFrame) -> None:
    stores = read(sample_workspace, "stores").select("store_id", "regions")
    year = lines.filter(pl.col("line_no") == 1).join(stores, on="store_id")
    outside = year.filter(~pl.col("ship_region").is_in(pl.col("regions").str.split("|")))
    assert outside["store_id"].unique().to_list() == ["D2"]


def test_buyer_ids_are_never_shared_by_platforms(
    sample_workspace: Path, lines: pl.DataFrame
) -> None:
    platforms = read(sample_workspace, "stores").select("store_id", "platform")
    known = lines.drop_nulls("buyer_id").join(platforms, on="store_id")
    assert known.group_by("buyer_id").agg(pl.col("platform").n_unique()).max().item(0, 1) == 1
    assert known["buyer_id"].str.contains("^[0-9a-f]{12}$").all()


def test_who_has_no_traffic_and_which_days_are_missing(sample_workspace: Path) -> None:
    traffic = read(sample_workspace, "traffic")
    assert set(traffic["store_id"]) == {"F1", "F2", "S1", "M1", "M2", "D1", "D2"}
    days = dict(traffic.group_by("store_id").agg(pl.col("date").n_unique()).iter_rows())
    assert days == {"F1": 730, "F2": 729, "S1": 395, "M1": 729, "M2": 729, "D1": 730, "D2": 730}


def test_x1_has_snapshots_and_scores_alone(sample_workspace: Path) -> None:
    having = {
        name for name, table in BY_NAME.items()
        if any(column.name == "store_id" for column in table.columns)
        and "X1" in read(sample_workspace, name)["store_id"].to_list()
    }  # fmt: skip
    assert having == {"stores", "promotions", "price_snapshots", "service"}


def test_festivals_fall_on_other_dates_each_year(sample_workspace: Path) -> None:
    settings = tomllib.loads((sample_workspace / "channelscope.toml").read_text(encoding="utf-8"))
    for name in ("618", "double_11"):
        starts = {start[5:] for start, _ in settings["events"][name].values()}
        assert len(starts) == len(settings["events"][name]) == 2


def test_trade_item_numbers_carry_their_check_digit(sample_workspace: Path) -> None:
    products = pl.read_csv(sample_workspace / "products.csv", schema_overrides={"gtin": pl.String})
    for number in products["gtin"]:
        digits = [int(digit) for digit in number]
        assert len(digits) == 13
        assert (sum(digits[0::2]) + 3 * sum(digits[1::2])) % 10 == 0
