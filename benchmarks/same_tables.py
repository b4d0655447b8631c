"""Whether the tables that pandas made hold what the cubes hold, where they tell the same.

python -m benchmarks.same_tables FOLDER_OF_PANDAS WORKSPACE
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

import polars as pl

from channelscope.preparation import Request, prepare

MONEY = ("list_amount", "sales", "paid_amount", "platform_amount", "refunded_amount")
UNITS = dict.fromkeys((*MONEY, "full_price_amount"), 10000)
UNITS |= {"units": 1000, "promoted_units": 1000}
NAMES = {"qty": "units", "promoted": "promoted_units", "full": "full_price_amount"}
GRAINS = {
    "sku_weeks": ("store_id", "sku", "week_start", "month_start"),
    "store_days": ("store_id", "day"),
    "buyer_patterns": ("circle", "bought", "bought_before", "orders"),
    "buyer_quarters": ("circle", "quarter", "bit"),
    "order_switches": ("scope", "week_start", "from_store", "to_store"),
}


def ours(frames: Mapping[str, pl.DataFrame], name: str) -> pl.DataFrame:
    """A cube at the grain that pandas has."""
    frame = frames[name]
    if name == "store_days":
        return frame.filter(pl.col("lines") > 0)
    if name == "buyer_patterns":
        return frame.group_by(GRAINS[name]).agg(pl.col("buyers").sum())
    if name == "buyer_quarters":
        new = (pl.col("bought_last") == 0) & (pl.col("bought_before") == 0)
        told = frame.filter(pl.col("buyer_group").is_not_null())
        return told.group_by(GRAINS[name]).agg(
            pl.col("buyers").sum(), pl.col("buyers").filter(new).sum().alias("new"),
            pl.col("orders").sum(), pl.col("sales").sum(),
        )  # fmt: skip
    if name == "order_switches":
        return frame.group_by(GRAINS[name]).agg(pl.col("orders").sum(), pl.col("sales").sum())
    return frame


def theirs(frame: pl.DataFrame, name: str, scopes: Mapping[int, str]) -> pl.DataFrame:
    """A table of pandas with our names, in our units."""
    if name == "order_switches":
        frame = frame.rename({"store_id": "to_store"})
        frame = frame.with_columns(pl.col("scope").replace_strict(scopes))
    elif "scope" in frame.columns:
        frame = frame.rename({"scope": "circle"})
    frame = frame.rename({old: new for old, new in NAMES.items() if old in frame.columns})
    return frame.with_columns(
        pl.col(name) / unit for name, unit in UNITS.items() if name in frame.columns
    )


def difference(one: pl.DataFrame, other: pl.DataFrame, grain: tuple[str, ...]) -> str:
    """Nothing, or what is not the same: rows, or a column beyond a millionth."""
    shared = [name for name in one.columns if name in other.columns and name not in grain]
    if not shared or one.height != other.height:
        return f"{one.height} rows, not {other.height}"
    both = _plain(one, grain, shared).join(
        _plain(other, grain, shared), on=list(grain), how="inner", suffix="_other"
    )
    if both.height != one.height:
        return f"{both.height} of {one.height} rows found"
    for name in shared:
        gap = (pl.col(name) - pl.col(f"{name}_other")).abs()
        unlike = pl.col(name).is_null() != pl.col(f"{name}_other").is_null()
        if both.select(((gap > 1e-6).fill_null(False) | unlike).any()).item():
            return f"{name} differs"
    return ""


def _plain(frame: pl.DataFrame, grain: tuple[str, ...], values: list[str]) -> pl.DataFrame:
    days = [name for name in grain if frame.schema[name].is_temporal()]
    whole = [name for name in grain if frame.schema[name].is_integer()]
    plain = frame.select(*grain, *values).with_columns(
        pl.col(days).cast(pl.Date), pl.col(whole).cast(pl.Int64)
    )
    return plain.with_columns(
        (
            pl.col(name).dt.date().cast(pl.Int32)
            if plain.schema[name] == pl.Datetime
            else pl.col(name).cast(pl.Int32)
            if plain.schema[name] == pl.Date
            else pl.col(name).cast(pl.Float64)
        ).cast(pl.Float64).fill_nan(None)
        for name in values
    )  # fmt: skip


def main() -> None:
    """One line of JSON: each table, and what is not the same in it."""
    parser = argparse.ArgumentParser(description="tables of pandas against the cubes")
    parser.add_argument("pandas", type=Path)
    parser.add_argument("workspace", type=Path)
    flags = parser.parse_args()
    with closing(prepare(Request(flags.workspace))) as prepared:
        bits = prepared.frames["store_bits"]
        scopes = dict(bits.select("circle", "scope").unique().iter_rows())
        found = {}
        for name, grain in GRAINS.items():
            made = theirs(pl.read_parquet(flags.pandas / f"{name}.parquet"), name, scopes)
            found[name] = difference(ours(prepared.frames, name), made, grain)
    print(json.dumps(found))


if __name__ == "__main__":
    main()
