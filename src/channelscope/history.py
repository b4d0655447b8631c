"""What must be known before it can be said which days are compared: the days of the data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import polars as pl

from channelscope import cubes, scoping
from channelscope.config import Config
from channelscope.domain import Basis, Period
from channelscope.engine.protocol import Engine
from channelscope.loading import Loaded


@dataclass(frozen=True, slots=True)
class History:
    """The configuration, the days that the data hold, and what all stores sold on each of them."""

    config: Config
    data: Period
    sales: Mapping[date, float]


def history(loaded: Loaded, scans: Engine) -> History:
    """The history of a workspace, from one scan."""
    data = scoping.data_span(cubes.spans(scans))
    days = cubes.sold_days(scans, Basis(loaded.config.workspace.basis))
    told = days.select("day", pl.col("sales").cast(pl.Float64))
    return History(loaded.config, data, dict(told.iter_rows()))
