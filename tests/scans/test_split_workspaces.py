"""Order lines in several files: the same cubes and result tables as of one file, to the byte."""

from __future__ import annotations

from collections import Counter
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path

import polars as pl
import pytest

from channelscope import comparison, sqlfile
from channelscope.cubes import SCANS
from channelscope.preparation import Prepared, Request, prepare
from channelscope.progress import silence
from tests.scans.split import add, lines_of, quarters, split

Frames = dict[str, pl.DataFrame]


def _cubes(workspace: Path, *, no_cache: bool = True, last: date | None = None) -> Frames:
    first = None if last is None else date(2025, 1, 1)
    request = Request(workspace, first=first, last=last, no_cache=no_cache, threads=2)
    with closing(prepare(request)) as prepared:
        return {**prepared.frames, "quality": _quality(prepared)}


def _quality(prepared: Prepared) -> pl.DataFrame:
    """What the checks found, without the places of rows: files have numbers of their own."""
    return prepared.checked.frame.drop("sample")


def _assert_equal(found: Frames, wanted: Frames) -> None:
    assert found.keys() == wanted.keys()
    other = [name for name, frame in wanted.items() if not found[name].equals(frame)]
    assert other == []
    assert all(found[name].schema == frame.schema for name, frame in wanted.items())


@pytest.fixture(scope="module")
def wanted(small_workspace: Path) -> Frames:
    """The cubes of the single file."""
    return _cubes(small_workspace)


@pytest.mark.slow
@pytest.mark.usefixtures("quarterly")
def test_quarters_add_up_to_the_whole_cold_cached_and_without_cache(
    small_workspace: Path, tmp_path: Path, wanted: Frames, made: Counter[str]
) -> None:
    folder = split(small_workspace, tmp_path / "w", quarters(lines_of(small_workspace)))
    _assert_equal(_cubes(folder), wanted)
    _assert_equal(_cubes(folder, no_cache=False), wanted)
    assert made["sku_weeks"] == 2 * 8
    made.clear()
    _assert_equal(_cubes(folder, no_cache=False), wanted)
    assert not made


@pytest.mark.slow
@pytest.mark.usefixtures("quarterly")
def test_a_further_file_is_all_that_is_read(
    small_workspace: Path, tmp_path: Path, made: Counter[str]
) -> None:
    files = quarters(lines_of(small_workspace))
    (name, newest) = files.popitem()
    folder = split(small_workspace, tmp_path / "w", files)
    earlier = date(2025, 12, 31)
    _cubes(folder, no_cache=False, last=earlier)
    add(folder, name, newest)
    _come_with_the_quarter(folder)
    made.clear()
    _cubes(folder, no_cache=False, last=earlier)
    by_unit = {query.stem for query in map(sqlfile.find, SCANS) if query.extra.get("parts")}
    by_unit |= {"buyer_orders", "buyer_visits", "order_products", "order_lines_duplicate_key"}
    by_unit |= {"first_shared_day"}
    assert {name: made[name] for name in by_unit} == dict.fromkeys(by_unit, 1) | {
        "region_groups": 8,  # it reads all columns of stores
        # The last file there was answered for the visits after it, and the last refunds were
        # awaited in it.
        "store_days": 2, "refund_lags": 2, "order_groups": 2,
    }  # fmt: skip
    whole = split(small_workspace, tmp_path / "one", {"all": lines_of(small_workspace)})
    _come_with_the_quarter(whole)
    _assert_equal(_cubes(folder, no_cache=False), _cubes(whole))


def _come_with_the_quarter(folder: Path) -> None:
    """A product nobody has bought yet, and another name of a store."""
    products = folder / "products.csv"
    header, first, *_ = products.read_text(encoding="utf-8").splitlines()
    values = dict(zip(header.split(","), first.split(","), strict=True)) | {"sku": "NEW-1"}
    with products.open("a", encoding="utf-8") as file:
        file.write(",".join(values.values()) + "\n")
    stores = folder / "stores.csv"
    header, first, *others = stores.read_text(encoding="utf-8").splitlines()
    values = dict(zip(header.split(","), first.split(","), strict=True)) | {"name": "another"}
    stores.write_text("\n".join([header, ",".join(values.values()), *others]), encoding="utf-8")


@pytest.mark.slow
@pytest.mark.usefixtures("quarterly")
def test_orders_over_midnight_at_the_edge_of_files_are_read_as_one(
    small_workspace: Path, tmp_path: Path
) -> None:
    lines = lines_of(small_workspace)
    edge = pl.datetime(2025, 12, 31, 23, 59, 59)
    several = pl.len().over("store_id", "order_id") > 1
    near = pl.col("ordered_at").is_between(edge - timedelta(days=9), edge)
    (order,) = lines.filter(several & near).select("store_id", "order_id").head(1).rows()
    mine = (pl.col("store_id") == order[0]) & (pl.col("order_id") == order[1])
    late = pl.when(pl.col("line_no") == 1).then(edge).otherwise(edge + timedelta(seconds=2))
    at = pl.when(mine).then(late).otherwise("ordered_at").cast(lines.schema["ordered_at"])
    moved = lines.with_columns(ordered_at=at)
    single = split(small_workspace, tmp_path / "one", {"all": moved})
    several_files = split(small_workspace, tmp_path / "w", quarters(moved))
    _assert_equal(_cubes(several_files), _cubes(single))


@pytest.mark.slow
@pytest.mark.usefixtures("quarterly")
def test_unsorted_rows_and_a_file_with_a_column_fewer(
    small_workspace: Path, tmp_path: Path
) -> None:
    lines = lines_of(small_workspace).sample(fraction=1.0, shuffle=True, seed=7)
    early = pl.col("ordered_at") < pl.datetime(2025, 1, 1)
    region = pl.when(early).then(None).otherwise("ship_region")
    lines = lines.with_columns(ship_region=region.cast(pl.String))
    files = quarters(lines)
    files["2024Q4"] = files["2024Q4"].drop("ship_region")
    single = split(small_workspace, tmp_path / "one", {"all": lines})
    several = split(small_workspace, tmp_path / "w", files)
    _assert_equal(_cubes(several), _cubes(single))


@pytest.mark.slow
@pytest.mark.usefixtures("quarterly")
def test_result_tables_are_the_same(small_workspace: Path, tmp_path: Path) -> None:
    folder = split(small_workspace, tmp_path / "w", quarters(lines_of(small_workspace)))
    found, wanted = (_tables(workspace) for workspace in (folder, small_workspace))
    _assert_equal(found, wanted)


def _tables(workspace: Path) -> Frames:
    with closing(prepare(Request(workspace, no_cache=True))) as prepared:
        tables, _ = comparison.tables(prepared, silence)
        return {name: frame for name, frame in tables.items() if name != "quality"}


@pytest.mark.slow
@pytest.mark.usefixtures("quarterly")
def test_an_order_whose_lines_are_months_apart_is_read_as_one(
    small_workspace: Path, tmp_path: Path
) -> None:
    moved = _apart(lines_of(small_workspace))
    single = split(small_workspace, tmp_path / "one", {"all": moved})
    several_files = split(small_workspace, tmp_path / "w", quarters(moved))
    wanted, found = _cubes(single), _cubes(several_files)
    _assert_equal(found, wanted)
    (spread,) = _failed(found, "order_lines_order_spread_in_time")
    assert spread > 0


def _apart(lines: pl.DataFrame) -> pl.DataFrame:
    """The second lines of orders of the last days of 2025 on a day of spring 2026."""
    day = pl.datetime(2026, 4, 5, 12)
    near = pl.col("ordered_at").is_between(pl.datetime(2025, 12, 20), pl.datetime(2025, 12, 31))
    late = pl.when(near & (pl.col("line_no") == 2)).then(day).otherwise("ordered_at")
    at = late.cast(lines.schema["ordered_at"])
    kept = pl.when(near).then(None)
    return lines.with_columns(
        ordered_at=at,
        refunded_at=kept.otherwise("refunded_at"),
        refunded_amount=kept.otherwise("refunded_amount"),
    )


def _failed(found: Frames, check: str) -> list[int]:
    return found["quality"].filter(pl.col("check") == check)["failed"].to_list()
