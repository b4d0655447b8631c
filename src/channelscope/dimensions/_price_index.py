"""Rows of the price tables: levels with their intervals, and what links the stores."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import polars as pl

from channelscope.dimensions._price_levels import Matched
from channelscope.dimensions._price_pairs import level_differences
from channelscope.domain import Outcome, Scope
from channelscope.estimates import rows as metrics
from channelscope.registry import METRIC_OF_RUNG
from channelscope.results import TABLES
from channelscope.stats.arrays import Bools
from channelscope.stats.price_levels import Levels


def rows(
    scope: Scope, matched: Matched, found: Levels, *, moves: Bools | None = None
) -> pl.DataFrame:
    """Rows of `price_index`; whether a level is told for good is judged later."""
    reference = scope.store_ids.index(scope.reference_id)
    is_reference = np.arange(len(scope.stores)) == reference
    skus = matched.skus[reference]
    reached = matched.reached(reference)
    value, lo, hi = (100 * np.exp(part) for part in (found.log_level, found.lo, found.hi))
    frame = pl.DataFrame(
        {
            "store_id": scope.store_ids,
            "category": matched.part,
            "rung": str(matched.rung),
            "unit": matched.unit,
            "method": "linked_tornqvist",
            "value": value,
            "lo": np.where(is_reference, np.nan, lo),
            "hi": np.where(is_reference, np.nan, hi),
            "matched_skus": np.where(is_reference, skus.max(), skus),
            "coverage": np.where(is_reference, np.nan, matched.coverage[:, reference]),
            "time_grain": str(matched.grain),
            "moves": np.zeros(len(skus), dtype=bool) if moves is None else moves,
            "is_reference": is_reference,
            "has_prices": matched.priced,
            "shares_products": (matched.skus[:, reached] > 0).any(axis=1),
            "p_adjusted": None,
        }
    ).with_columns(pl.col("value", "lo", "hi", "coverage").fill_nan(None))
    chance = _chance(scope, matched, found)
    told = frame.join(chance, on="store_id", how="left", maintain_order="left")
    schema = TABLES["price_index"]
    delta = scope.delta[METRIC_OF_RUNG[matched.rung]]
    return _judged(told, delta).select(schema.names()).cast(schema)


def _chance(scope: Scope, matched: Matched, found: Levels) -> pl.DataFrame:
    """How surprising each level is where the two stores' goods cost alike."""
    told = level_differences(scope, METRIC_OF_RUNG[matched.rung], found, moves=False)
    return told.filter(pl.col("reference_id") == scope.reference_id).select("store_id", "p_value")


def _judged(frame: pl.DataFrame, delta: float) -> pl.DataFrame:
    inside = (pl.col("lo") >= 100 - delta) & (pl.col("hi") <= 100 + delta)
    excludes = (pl.col("lo") > 100) | (pl.col("hi") < 100)
    linked = pl.col("value").is_not_null()
    return frame.with_columns(
        outcome=pl.when(pl.col("is_reference") & linked)
        .then(pl.lit(Outcome.SAME))
        .when(~linked | pl.col("lo").is_null())
        .then(pl.lit(Outcome.NOT_IDENTIFIABLE))
        .when(pl.col("moves"))
        .then(pl.lit(Outcome.UNCLEAR))
        .when(inside)
        .then(pl.lit(Outcome.SAME))
        .when(excludes)
        .then(pl.lit(Outcome.DIFFERS))
        .otherwise(pl.lit(Outcome.UNCLEAR)),
        outcome_reason=pl.when(~linked & ~pl.col("has_prices"))
        .then(pl.lit("reason.no_prices_on_rung"))
        .when(~linked & ~pl.col("shares_products"))
        .then(pl.lit("reason.no_shared_products"))
        .when(~linked)
        .then(pl.lit("reason.not_linked"))
        .when(~pl.col("is_reference") & pl.col("lo").is_null())
        .then(pl.lit("reason.too_few_blocks"))
        .when(pl.col("moves"))
        .then(pl.lit("reason.depends_on_when")),
    )


def metric_rows(metric: str, index: pl.DataFrame) -> pl.DataFrame:
    """The levels of one rung as rows of `metrics`."""
    value, lo, hi, n, coverage = (
        index[name].cast(pl.Float64).fill_null(np.nan).to_numpy()
        for name in ("value", "lo", "hi", "matched_skus", "coverage")
    )
    frame = metrics(
        metric, index["store_id"].to_list(), value=value, lo=lo, hi=hi, n=n, coverage=coverage
    )
    return frame.with_columns(outcome_reason=index["outcome_reason"])


def link_rows(scope: Scope, matched: Matched) -> pl.DataFrame:
    """Rows of `price_links`: what every two stores have in common on one rung."""
    reached = matched.reached(scope.store_ids.index(scope.reference_id))
    ids = scope.store_ids
    places = sorted(range(len(ids)), key=ids.__getitem__)
    a, b = np.array(list(combinations(places, 2)), dtype=np.intp).reshape(-1, 2).T
    frame = pl.DataFrame(
        {
            "store_a": np.array(ids)[a],
            "store_b": np.array(ids)[b],
            "rung": str(matched.rung),
            "time_grain": str(matched.grain),
            "matched_skus": matched.skus[a, b],
            "share_a": matched.coverage[a, b],
            "share_b": matched.coverage[b, a],
            "is_linked": matched.linked[a, b],
            "is_connected": reached[a] & reached[b],
        }
    ).with_columns(pl.col("share_a", "share_b").fill_nan(None))
    return frame.cast(TABLES["price_links"])
