"""What moved festivals do to comparisons with the year before."""

from __future__ import annotations

from datetime import date

import numpy as np
from numpy.typing import NDArray

from sample_data.generator.calendar import calendar_effect, day_of
from sample_data.generator.toml_text import block

WINDOWS = {
    "2026-01": (date(2026, 1, 1), date(2026, 1, 31)),
    "2026-05": (date(2026, 5, 1), date(2026, 5, 31)),
    "2026Q1": (date(2026, 1, 1), date(2026, 3, 31)),
    "2026Q2": (date(2026, 4, 1), date(2026, 6, 30)),
    "2026Q3": (date(2026, 7, 1), date(2026, 9, 30)),
}
NOTE = """\
Paid amount of all stores over that of the year before, less 1. `naive`: over the same dates,
computed. `calendar`: what the moved festivals and holidays alone do to it, of the planted weights
of days. `aligned`: over the same kinds of days, (1 + naive) / calendar - 1."""


def year_on_year_block(sales: NDArray[np.float64]) -> str:
    """`[year_on_year]` of TRUTH.toml. `sales`: (stores, days)."""
    by_day = sales.sum(axis=0)
    found = {}
    for name, (first, last) in WINDOWS.items():
        naive = _over(by_day, first, last) / _over(by_day, _before(first), _before(last)) - 1
        effect = calendar_effect(first, last)
        found[name] = {
            "naive": round(naive, 4), "calendar": round(effect, 4),
            "aligned": round((1 + naive) / effect - 1, 4),
        }  # fmt: skip
    return block("year_on_year", NOTE, found)


def _before(day: date) -> date:
    return day.replace(year=day.year - 1)


def _over(by_day: NDArray[np.float64], first: date, last: date) -> float:
    return float(by_day[day_of(first) : day_of(last) + 1].sum())
