"""How the prices of single products scatter around a store's level."""

from __future__ import annotations

import numpy as np
import polars as pl

from channelscope.domain import Scope
from channelscope.estimates import Floats, rows
from channelscope.stats.price_levels import PairSums
from channelscope.stats.resampling import Scale, jackknife, leave_one_out

LINK_SKUS = 5
"""Fewer shared products than this bear no level and no scatter."""


def dispersion(
    scope: Scope, sums: PairSums, coverage: Floats, *, reference: int
) -> list[pl.DataFrame]:
    """Rows for the scatter of price ratios against the reference, plain and by sales."""
    plain, weighted, counts = [], [], []
    for store in range(len(scope.stores)):
        ratio, weight = _ratios(sums, store, reference)
        counts.append(float(len(ratio)))
        plain.append(_scatter(ratio, np.ones_like(ratio)))
        weighted.append(_scatter(ratio, weight))
    n = np.array(counts)
    itself = pl.col("store_id") == scope.reference_id
    why = pl.when(itself).then(pl.lit("reason.is_reference")).otherwise("outcome_reason")
    return [
        rows(name, scope.store_ids, value=v[:, 0], lo=v[:, 1], hi=v[:, 2], n=n,
             coverage=np.where(np.isnan(v[:, 0]), np.nan, coverage),
             reason="reason.not_matched").with_columns(outcome_reason=why)
        for name, v in (
            ("price_dispersion", np.array(plain)),
            ("price_dispersion_weighted", np.array(weighted)),
        )
    ]  # fmt: skip


def _ratios(sums: PairSums, store: int, reference: int) -> tuple[Floats, Floats]:
    pair = np.flatnonzero(
        ((sums.first == store) & (sums.second == reference))
        | ((sums.first == reference) & (sums.second == store))
    )
    if not len(pair):
        return np.zeros(0), np.zeros(0)
    a, b = sums.value_a[:, pair[0]], sums.value_b[:, pair[0]]
    shared = (a > 0) & (b > 0)
    a, b = a[shared], b[shared]
    ratio = (sums.log_a[shared, pair[0]] / a + sums.log_b[shared, pair[0]] / b) / 2
    weight: Floats = (a / a.sum() + b / b.sum()) / 2 if len(a) else a
    return ratio, weight


def _scatter(ratio: Floats, weight: Floats) -> tuple[float, float, float]:
    if len(ratio) < LINK_SKUS:
        return np.nan, np.nan, np.nan
    centred = ratio - np.average(ratio, weights=weight)
    moments = np.stack([weight, weight * centred, weight * centred**2], axis=1)
    value = float(_deviation(moments.sum(axis=0)))
    interval = jackknife(value, _deviation(leave_one_out(moments)), scale=Scale.LOG)
    return value, float(interval.lo), float(interval.hi)


def _deviation(moments: Floats) -> Floats:
    weight, first, second = np.moveaxis(moments, -1, 0)
    spread: Floats = np.sqrt(np.maximum(second / weight - (first / weight) ** 2, 0))
    return spread
