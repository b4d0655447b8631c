"""What an import needs to know of the brand: its stores, its products, how buyers are hashed."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from channelscope import loading, workspace
from channelscope.config import Config
from channelscope.engine.duckdb import to_frame
from channelscope.errors import UsageError, did_you_mean
from channelscope.limits import NO_LIMITS, Limits


@dataclass(frozen=True, slots=True)
class Brand:
    """The stores and products that people handed in, typed; products may have no rows yet."""

    root: Path
    config: Config
    stores: pl.DataFrame
    products: pl.DataFrame
    limits: Limits = NO_LIMITS

    def store(self, store_id: str) -> dict[str, object]:
        """The row of a store; UsageError shows the line to add when there is none."""
        rows = self.stores.filter(pl.col("store_id") == store_id)
        if rows.is_empty():
            known = self.stores["store_id"].to_list()
            raise UsageError(
                f"there is no store '{store_id}'",
                where="--store",
                expected=f"one of {', '.join(known)}" if known else "a row of stores.csv",
                advice=did_you_mean(store_id, known)
                or f"add the store to stores.csv, such as: {store_id},name,flagship,tmall",
            )
        return rows.row(0, named=True)


def read(root: Path, *, limits: Limits = NO_LIMITS) -> Brand:
    """The brand of the workspace in `root`."""
    found = workspace.open_workspace(root, to_be_filled=True)
    parts = found.manifest.parts
    wanted = {
        name: workspace.written_part(source)
        for name, source in found.sources.items()
        if name in ("stores", "products") and not _is_imported(source, parts.get(name))
    }
    loaded = loading.read(dataclasses.replace(found, sources=wanted), limits=limits)
    try:
        needed = [f for f in loaded.failures if not _is_empty_table(f.what)]
        loading.raise_failures(needed)
        stores = to_frame(loaded.session.connection.table("stores"))
        products = to_frame(loaded.session.connection.table("products"))
    finally:
        loaded.close()
    return Brand(found.path, found.config, stores, products, found.limits)


def _is_empty_table(what: str) -> bool:
    return what.startswith("has column names but no rows")


def _is_imported(source: workspace.Source, parts: tuple[Path, ...] | None) -> bool:
    return isinstance(source, workspace.FileSource) and source.paths == parts
