"""Need segments: what part of each store's orders falls on each, and who takes which over its
share."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from channelscope import sqlfile
from channelscope.domain import Outcome, Scope
from channelscope.engine.duckdb import Session
from channelscope.estimates import NO_WIDTH, Floats, quotient
from channelscope.results import TABLES
from channelscope.segment_sets import BASKET_USE, BRAND_HISTORY, PRICE_TIER
from channelscope.stats.adjustment import LEVEL, benjamini_hochberg
from channelscope.stats.intervals import wilson
from channelscope.stats.resampling import Scale, jackknife, leave_one_out
from channelscope.stats.tails import t_p

LEAST_COVERAGE = 0.5
"""Below it the orders in a segment need not be like the others."""
DELTA = "segment_share"
"""The smallest difference of shares that matters, among those of the registry."""
NOTHING_TOLD = {
    BASKET_USE: "reason.no_gift_goods", PRICE_TIER: "reason.no_price_tiers",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class SegmentOrders:
    """Orders by segment of one set. Shapes: G groups of buyers, S compared stores, K segments."""

    segment_set: str
    is_need: bool
    segments: tuple[str, ...]
    counts: Floats
    """Orders in a segment (G, S, K)."""
    orders: Floats
    """All orders of a store (S,)."""
    reasons: Mapping[int, str]
    """Why the store at that position cannot be told."""

    @property
    def coverage(self) -> Floats:
        """Part of a store's orders that is in a segment (S,)."""
        return quotient(self.counts.sum(axis=(0, 2)), self.orders)

    @property
    def told(self) -> tuple[int, ...]:
        """Positions of the stores that can be told."""
        return tuple(at for at in range(len(self.orders)) if at not in self.reasons)


def read(
    session: Session, scope: Scope, *, unknown: Mapping[str, str], history: Mapping[str, str]
) -> tuple[SegmentOrders, ...]:
    """Every set of the workspace.

    `unknown`: stores without orders, with the reason; `history`: those of which it is not known
    who had bought before.
    """
    found = session.run(sqlfile.find("consumers/segment_orders"))
    sets = session.run(sqlfile.find("consumers/declared_sets"))
    return tuple(
        _with_reasons(_orders(found.filter(segment_set=name), scope, name, is_need),
                      scope, unknown=unknown, history=history)
        for name, is_need in sets.select("segment_set", "is_need").iter_rows()
    )  # fmt: skip


def _orders(rows: pl.DataFrame, scope: Scope, name: str, is_need: bool) -> SegmentOrders:
    rows = rows.filter(pl.col("store_id").is_in(list(scope.store_ids)))
    known = rows.filter(pl.col("segment").is_not_null())
    segments = tuple(known["segment"].unique().sort())
    groups = rows["buyer_group"].unique().sort()
    counts = np.zeros((len(groups), len(scope.store_ids), len(segments)))
    at = tuple(
        known[column].replace_strict(
            list(names), list(range(len(names))), return_dtype=pl.Int64
        ).to_numpy().astype(np.intp)
        for column, names in (
            ("buyer_group", groups), ("store_id", scope.store_ids), ("segment", segments),
        )
    )  # fmt: skip
    np.add.at(counts, at, known["orders"].to_numpy())
    of_store = dict(rows.group_by("store_id").agg(pl.col("orders").sum()).iter_rows())
    orders = np.array([of_store.get(store, 0) for store in scope.store_ids], dtype=np.float64)
    return SegmentOrders(name, is_need, segments, counts, orders, {})


def _with_reasons(
    found: SegmentOrders, scope: Scope, *, unknown: Mapping[str, str], history: Mapping[str, str]
) -> SegmentOrders:
    reasons: dict[int, str] = {}
    for at, store in enumerate(scope.store_ids):
        reason = unknown.get(store)
        if reason is None and found.segment_set == BRAND_HISTORY:
            reason = history.get(store)
        if reason is None and len(found.segments) < 2:
            why = NOTHING_TOLD.get(found.segment_set, "reason.no_order_in_segments")
            reason = "reason.one_segment" if found.segments else why
        if reason is None and not found.coverage[at] >= LEAST_COVERAGE:
            reason = "reason.few_in_segments"
        if reason is not None:
            reasons[at] = reason
    return replace(found, reasons=reasons)


def share_rows(scope: Scope, sets: tuple[SegmentOrders, ...]) -> pl.DataFrame:
    """The `segments` table: every store, set and segment; judged over all of them."""
    schema = TABLES["segments"]
    empty = pl.DataFrame(schema=schema)
    rows = pl.concat([empty, *(part for each in sets for part in _shares(scope, each))])
    return _judged(rows, scope.delta[DELTA])


def _shares(scope: Scope, found: SegmentOrders) -> Iterator[pl.DataFrame]:
    schema = TABLES["segments"]
    told = list(found.told)
    shared = {"segment_set": found.segment_set, "is_need": found.is_need}
    untold = [
        {"store_id": scope.store_ids[at], **shared, "outcome": Outcome.NOT_IDENTIFIABLE,
         "outcome_reason": reason}
        for at, reason in sorted(found.reasons.items())
    ]  # fmt: skip
    if told:
        numbers = _estimates(found.counts[:, told])
        columns = {
            "store_id": np.repeat([scope.store_ids[at] for at in told], len(found.segments)),
            **shared,
            "segment": list(found.segments) * len(told),
            **{name: value.ravel() for name, value in numbers.items()},
            "coverage": np.repeat(found.coverage[told], len(found.segments)),
        }
        yield _complete(pl.DataFrame(columns), schema)
    yield pl.DataFrame(untold, schema=schema)


def _complete(frame: pl.DataFrame, schema: pl.Schema) -> pl.DataFrame:
    absent = [pl.lit(None).alias(name) for name in schema.names() if name not in frame.columns]
    full = frame.with_columns(pl.col(pl.Float64).fill_nan(None), *absent)
    return full.select(schema.names()).cast(schema)


def _estimates(counts: Floats) -> dict[str, Floats]:
    """Shares of segments and how far they lie from those of all stores. Shapes: (S, K)."""
    share, every = _share(counts.sum(axis=0)), _usual(counts.sum(axis=0))
    rest = leave_one_out(counts)
    idle = counts.sum(axis=2, keepdims=True) == 0
    draws = np.where(idle, np.nan, _share(rest))
    ends = jackknife(share, draws, scale=Scale.LOGIT)
    at_end = np.isin(share, (0.0, 1.0))
    orders = np.broadcast_to(counts.sum(axis=(0, 2))[:, None], share.shape)
    counted = wilson(np.where(at_end, share * orders, 0), np.where(at_end, orders, 1))
    gap = share - every
    moved = jackknife(gap, draws - _usual(rest))
    freedom = (~idle).sum(axis=0) - 1
    wide = moved.hi - moved.lo > NO_WIDTH
    return {
        "share": share, "lo": np.where(at_end, counted.lo, ends.lo),
        "hi": np.where(at_end, counted.hi, ends.hi), "n": orders,
        "overall_share": np.broadcast_to(every, share.shape), "gap": gap,
        "gap_lo": np.where(wide, moved.lo, np.nan), "gap_hi": np.where(wide, moved.hi, np.nan),
        "p_value": np.where(wide, t_p(gap, moved.standard_error, freedom), np.nan),
    }  # fmt: skip


def _share(counts: Floats) -> Floats:
    total = counts.sum(axis=-1, keepdims=True)
    return quotient(counts, np.broadcast_to(total, counts.shape))


def _usual(counts: Floats) -> Floats:
    """The shares of all stores together, by the orders of each. Shape: (…, 1, K)."""
    return _share(counts.sum(axis=-2, keepdims=True))


def _judged(rows: pl.DataFrame, delta: float) -> pl.DataFrame:
    given = rows["p_value"].fill_null(np.nan).to_numpy()
    adjusted = pl.Series(benjamini_hochberg(given), nan_to_null=True, dtype=pl.Float64)
    lo, hi = pl.col("gap_lo"), pl.col("gap_hi")
    unknown = pl.col("segment").is_not_null() & lo.is_null()
    return rows.with_columns(p_adjusted=adjusted).with_columns(
        outcome=pl.when(lo.is_null())
        .then(pl.lit(str(Outcome.NOT_IDENTIFIABLE)))
        .when((lo >= -delta) & (hi <= delta))
        .then(pl.lit(str(Outcome.SAME)))
        .when((pl.col("p_adjusted") <= LEVEL) & ((lo > 0) | (hi < 0)))
        .then(pl.lit(str(Outcome.DIFFERS)))
        .otherwise(pl.lit(str(Outcome.UNCLEAR))),
        outcome_reason=pl.when(unknown)
        .then(pl.lit("reason.too_few_blocks"))
        .otherwise("outcome_reason"),
    )
