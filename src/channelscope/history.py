"""What must be known before it can be said which days are compared: the days of the data."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl

from channelscope import cubes, loading, scoping
from channelscope.config import Config
from channelscope.domain import Basis, Period
from channelscope.limits import NO_LIMITS, Limits
from channelscope.workspace import open_workspace


@dataclass(frozen=True, slots=True)
class History:
    """The configuration, the days that the data hold, and what all stores sold on each of them."""

    config: Config
    data: Period
    sales: Mapping[date, float]


def history(
    workspace: Path, *, allow_dirs: tuple[Path, ...] = (), limits: Limits = NO_LIMITS
) -> History:
    """The history of a workspace, from one scan."""
    opened = open_workspace(workspace, allow_dirs=allow_dirs)
    with closing(loading.read(opened, limits=limits)) as loaded:
        data = scoping.data_span(cubes.spans(loaded.session))
        days = cubes.sold_days(loaded.session, Basis(loaded.config.workspace.basis))
        told = days.select("day", pl.col("sales").cast(pl.Float64))
        return History(loaded.config, data, dict(told.iter_rows()))
