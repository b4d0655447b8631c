"""Bridges both ways: what must hold between every two stores or groups of a whole workspace."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from decimal import Decimal

import polars as pl
import pytest

from channelscope import preparation, sqlfile
from channelscope.dimensions import _bridge
from channelscope.preparation import Request

CENT = Decimal("0.01")
Bars = Mapping[str, Decimal]


@dataclass(frozen=True, slots=True)
class BothWays:
    """The bars between every two, each of them the reference once, and what they sold."""

    pairs: Mapping[tuple[str, str], Bars]
    sales: Mapping[str, Decimal]
    over_time: pl.DataFrame


def ordered(request: Request) -> BothWays:
    """All bridges of a workspace from each store or group to every other one."""
    prepared = preparation.prepare(request)
    found: dict[tuple[str, str], Bars] = {}
    with closing(prepared):
        sold = prepared.answers.run(sqlfile.find("sales/sales_by_store"))
        for start in prepared.scope.store_ids:
            of = replace(prepared.scope, reference_id=start)
            bridge = _bridge.bridges(prepared.answers, of)["bridge"]
            between = pl.col("from_period") == pl.col("to_period")
            rows = bridge.filter(between, pl.col("from_id") == start)
            for (end,), bars in rows.group_by("to_id"):
                found[start, str(end)] = dict(bars.select("factor", "effect").iter_rows())
    return BothWays(found, dict(sold.iter_rows()), bridge.filter(~between))


def hold(ways: BothWays) -> None:
    """Every ordered pair has bars that sum to the cent, and turn their sign with the direction."""
    found, sales = ways.pairs, ways.sales
    assert set(found) == {(a, b) for a in sales for b in sales if a != b}
    for (start, end), bars in found.items():
        assert sum(bars.values()) == sales[end] - sales[start], (start, end)
        back = {name: -float(effect) for name, effect in found[end, start].items()}
        there = {name: float(effect) for name, effect in bars.items()}
        assert there == pytest.approx(back, abs=float(CENT) + 1e-6), (start, end)
