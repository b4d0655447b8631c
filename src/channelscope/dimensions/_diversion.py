"""The diversion index: whether stores serve different needs, beyond what chance makes of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import polars as pl

from channelscope.dimensions import _buyers
from channelscope.dimensions._segments import SegmentOrders
from channelscope.domain import Outcome, Scope
from channelscope.pair_distances import FEW_BUYERS, MINIMUM_GROUPS
from channelscope.results import TABLES
from channelscope.segment_sets import BRAND_HISTORY
from channelscope.stats.adjustment import LEVEL, benjamini_hochberg
from channelscope.stats.diversion import diversion_index

EVERYWHERE = "all"
"""All stores together, also of scopes whose buyers cannot be told to be the same people."""
DELTA = "diversion"


def index_rows(
    scope: Scope, sets: Sequence[SegmentOrders], *, ids: Mapping[str, str | None]
) -> pl.DataFrame:
    """The `diversion` table: a row for each scope of buyer ids and set, and for all stores.

    `ids`: the scope of each store, None where its members have several. Over all stores every buyer
    is dealt as a person of his own scope: nobody is joined, and what platforms differ in is part of
    what stores differ in.
    """
    rows = [
        {"scope": name, "segment_set": each.segment_set, "is_need": each.is_need,
         **_index(each, places)}
        for each in sets
        for name, places in _circles(scope, ids, each)
    ]  # fmt: skip
    frame = pl.DataFrame(rows, schema=TABLES["diversion"]).with_columns(
        pl.col(pl.Float64).fill_nan(None)
    )
    return _judged(frame, scope.delta[DELTA])


def _circles(
    scope: Scope, ids: Mapping[str, str | None], found: SegmentOrders
) -> Iterator[tuple[str, list[int]]]:
    """The stores among which a set is divided, all of them first. One store divides nothing."""
    stores = scope.store_ids
    names = sorted({name for name in ids.values() if name is not None})
    # Who had bought before is known within a scope alone.
    if not _buyers.is_one_scope(ids) and found.segment_set != BRAND_HISTORY:
        yield EVERYWHERE, list(range(len(stores)))
    for name in names:
        places = [at for at, store in enumerate(stores) if ids[store] == name]
        if len(places) > 1:
            yield name, places


def _index(found: SegmentOrders, places: list[int]) -> dict[str, Any]:
    known = [at for at in places if at not in found.reasons]
    groups = (found.counts.sum(axis=2) > 0).sum(axis=0)
    # A store with a few buyers leaves the others their index.
    told = [at for at in known if groups[at] >= MINIMUM_GROUPS]
    counts = found.counts[:, told]
    coverage = float(np.min(found.coverage[told])) if told else np.nan
    row = {"stores": len(told), "n": int(counts.sum()), "coverage": coverage}
    reason = _why_not(found, told, known, places)
    if reason is not None:
        return {**row, "outcome_reason": reason}
    index = diversion_index(counts)
    return {
        **row, "index": index.index, "lo": index.lo, "hi": index.hi,
        "null_mean": index.null_mean, "p_value": index.p_value,
        "outcome_reason": "reason.one_segment" if np.isnan(index.index) else None,
    }  # fmt: skip


def _why_not(
    found: SegmentOrders, told: list[int], known: list[int], places: list[int]
) -> str | None:
    if len(told) >= 2:
        return None
    silent = [found.reasons[at] for at in places if at in found.reasons]
    return FEW_BUYERS if len(known) >= 2 or not silent else silent[0]


def _judged(rows: pl.DataFrame, delta: float) -> pl.DataFrame:
    """Rule 2 of the methods; all scopes and sets of needs are one family, behaviour is another."""
    given, needs = rows["p_value"].fill_null(np.nan).to_numpy(), rows["is_need"].to_numpy()
    by_family = [np.where(family, given, np.nan) for family in (needs, ~needs)]
    of_needs, of_behaviour = (benjamini_hochberg(each) for each in by_family)
    values = np.where(needs, of_needs, of_behaviour)
    adjusted = pl.Series(values, nan_to_null=True, dtype=pl.Float64)
    lo, hi = pl.col("lo"), pl.col("hi")
    return rows.with_columns(p_adjusted=adjusted).with_columns(
        outcome=pl.when(lo.is_null())
        .then(pl.lit(str(Outcome.NOT_IDENTIFIABLE)))
        .when((lo >= -delta) & (hi <= delta))
        .then(pl.lit(str(Outcome.SAME)))
        .when((pl.col("p_adjusted") <= LEVEL) & (lo > 0))
        .then(pl.lit(str(Outcome.DIFFERS)))
        .otherwise(pl.lit(str(Outcome.UNCLEAR)))
    )
