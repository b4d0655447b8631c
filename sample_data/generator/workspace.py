"""Writes a simulation as a workspace folder."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from sample_data.generator import ledgers
from sample_data.generator.calendar import DAYS, FESTIVALS, MONTH, MONTHS, SPRING_FESTIVAL
from sample_data.generator.orders import export
from sample_data.generator.promotions import promo_ids, promotions_frame
from sample_data.generator.service import service
from sample_data.generator.simulation import LINES, SEED, build_design, simulate
from sample_data.generator.stores import SELLING
from sample_data.generator.traffic import traffic

MONEY, QUANTITY = pa.decimal128(18, 4), pa.decimal128(18, 3)
ROW_GROUP = 1_000_000  # lines held back until written: a small workspace is one row group

TOML = """\
# Lanxi Home 兰溪家居: kitchenware in nine stores, 2024-10-01 to 2026-09-30. Simulated.
[workspace]
name = "Lanxi Home 兰溪家居"
currency = "CNY"
reference = "F1"
basis = "paid_net"

# Campaigns and holidays move from year to year; aligned comparisons need to know where they were.
{events}
# What one visitor-day is on each platform.
[traffic.definition]
tmall = "shop visitors"
jd = "shop visitors"
pdd = "item visitors"
"""


def write_workspace(
    out: Path, *, lines: int = LINES, seed: int = SEED, closed: frozenset[str] = frozenset()
) -> int:
    """Simulate and write every table into `out`; returns the number of order lines."""
    out.mkdir(parents=True, exist_ok=True)
    design = build_design()
    ids = promo_ids(design.promotions)
    orders = np.zeros((len(SELLING), DAYS), dtype=np.int64)
    sales = np.zeros((len(SELLING), DAYS), dtype=np.float64)
    written = 0
    with _LineWriter(out / "order_lines.parquet") as writer:
        for month in simulate(design, lines=lines, seed=seed, closed=closed):
            _tally(month, orders=orders, sales=sales)
            rows = export(month, skus=design.catalogue.sku, promo_ids=ids, seed=seed)
            writer.add(rows)
            written += rows.height
    monthly = _by_month(sales)
    _parquet(out / "traffic.parquet", traffic(orders, seed=seed))
    _parquet(out / "service.parquet", service(orders, seed=seed))
    shelf = ledgers.snapshots(design.catalogue, shelf=design.shelf)
    _parquet(out / "price_snapshots.parquet", shelf)
    small = {
        "stores": ledgers.stores_frame(),
        "products": design.catalogue.frame(),
        "promotions": promotions_frame(design.promotions, catalogue=design.catalogue),
        "costs": ledgers.costs(monthly, seed=seed),
        "targets": ledgers.targets(monthly, seed=seed),
        "fx": ledgers.exchange_rates(),
    }
    for name, frame in small.items():
        frame.write_csv(out / f"{name}.csv", datetime_format="%Y-%m-%d %H:%M:%S")
    (out / "channelscope.toml").write_text(TOML.format(events=_events()), encoding="utf-8")
    return written


def _tally(month: pl.DataFrame, *, orders: NDArray[np.int64], sales: NDArray[np.float64]) -> None:
    kept = month.filter(~pl.col("excluded"))
    firsts = kept.filter(pl.col("line_no") == 1)
    np.add.at(orders, (firsts["store"].to_numpy(), firsts["day"].to_numpy()), 1)
    paid = kept["paid_c"].to_numpy() / 100
    np.add.at(sales, (kept["store"].to_numpy(), kept["day"].to_numpy()), paid)


def _by_month(daily: NDArray[np.float64]) -> NDArray[np.float64]:
    month = np.searchsorted(MONTHS, MONTH)
    return np.array([np.bincount(month, weights=row, minlength=len(MONTHS)) for row in daily])


def _events() -> str:
    names = dict.fromkeys(festival.name for festival in FESTIVALS)
    blocks = []
    for name in names:
        dates = [
            f'"{f.start.year}" = ["{f.start}", "{f.end}"]' for f in FESTIVALS if f.name == name
        ]
        blocks.append("\n".join([f"[events.{name}]", *dates, ""]))
    quiet = [f'"{start.year}" = ["{start}", "{end}"]' for start, end in SPRING_FESTIVAL]
    blocks.append("\n".join(["[events.spring_festival]", *quiet, ""]))
    return "\n".join(blocks)


class _LineWriter:
    """Collects months and writes them as sorted row groups, so memory stays bounded."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._held: list[pl.DataFrame] = []
        self._writer: pq.ParquetWriter | None = None

    def __enter__(self) -> _LineWriter:
        return self

    def add(self, rows: pl.DataFrame) -> None:
        self._held.append(rows)
        if sum(frame.height for frame in self._held) >= ROW_GROUP:
            self._flush()

    def _flush(self) -> None:
        rows = pl.concat(self._held).sort("store_id", "ordered_at", "order_id", "line_no")
        table = _arrow(rows)
        if self._writer is None:
            self._writer = pq.ParquetWriter(self._path, table.schema, **_options(table.schema))
        self._writer.write_table(table, row_group_size=table.num_rows)
        self._held.clear()

    def __exit__(self, *failure: object) -> None:
        if self._held:
            self._flush()
        if self._writer is not None:
            self._writer.close()


def _parquet(path: Path, frame: pl.DataFrame) -> None:
    table = _arrow(frame)
    pq.write_table(table, path, **_options(table.schema))


def _options(schema: pa.Schema) -> dict[str, object]:
    """Small files: repeated values by dictionary, ids and times by their differences."""
    plain = {"order_id": "DELTA_BYTE_ARRAY", "ordered_at": "DELTA_BINARY_PACKED"}
    names = set(schema.names)
    return {
        "compression": "zstd", "compression_level": 12, "store_decimal_as_integer": True,
        "use_dictionary": sorted(names - set(plain)),
        "column_encoding": {name: how for name, how in plain.items() if name in names},
    }  # fmt: skip


def _arrow(frame: pl.DataFrame) -> pa.Table:
    """Cents become decimal(18,4), pieces decimal(18,3)."""
    columns = {}
    for name in frame.columns:
        if name == "qty":
            columns[name] = _decimal(frame[name], unit=1000, kind=QUANTITY)
        elif name.endswith(("_price", "_amount")) or name.startswith("discount_"):
            columns[name] = _decimal(frame[name], unit=100, kind=MONEY)
        else:
            columns[name] = _plain(frame[name].to_arrow())
    return pa.table(columns)


def _plain(values: pa.Array) -> pa.Array:
    is_text = pa.types.is_large_string(values.type) or pa.types.is_string_view(values.type)
    return values.cast(pa.string()) if is_text else values


def _decimal(values: pl.Series, *, unit: int, kind: pa.DataType) -> pa.Array:
    """Exact: a non-negative decimal128 is its integer in the low half, zero in the high half."""
    halves = np.zeros((len(values), 2), dtype=np.int64)
    halves[:, 0] = values.to_numpy() * unit
    return pa.Array.from_buffers(kind, len(values), [None, pa.py_buffer(halves)])
