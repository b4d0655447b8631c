"""Whether two runs of `compare` found the same: every result table to a billionth."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import polars as pl
from polars.testing import assert_frame_equal

BILLIONTH = 1e-9
OF_FILES = ("provenance",)
"""Tells the content of the files that were read, which a table on a cluster does not have."""


def written(out: Path) -> dict[str, pl.DataFrame]:
    """The result tables that a run wrote as Parquet."""
    return {path.stem: pl.read_parquet(path) for path in sorted((out / "tables").iterdir())}


def differences(
    one: Mapping[str, pl.DataFrame], other: Mapping[str, pl.DataFrame]
) -> Iterator[str]:
    """A line for each table that only one has, or whose columns, types, rows or values differ."""
    for name in sorted((one.keys() ^ other.keys()) - {*OF_FILES}):
        yield f"{name}: of one run alone"
    for name in sorted((one.keys() & other.keys()) - {*OF_FILES}):
        try:
            assert_frame_equal(
                one[name], other[name], check_exact=False, rel_tol=BILLIONTH, abs_tol=BILLIONTH
            )
        except AssertionError as error:
            yield f"{name}: {' '.join(str(error).split())}"
