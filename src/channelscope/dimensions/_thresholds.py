"""Threshold attainability: how many of a store's orders reach what its promotions ask for."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from channelscope import sqlfile
from channelscope.contrasts import ratio_spread
from channelscope.domain import Outcome, Scope
from channelscope.engine.duckdb import Session
from channelscope.estimates import Blocks, Floats, pivot, quotient, ratio
from channelscope.results import TABLES
from channelscope.stats.adjustment import LEVEL, benjamini_hochberg
from channelscope.stats.clusters import differences
from channelscope.stats.intervals import wilson
from channelscope.stats.resampling import Scale

DELTA = 0.05
"""The smallest difference of shares that matters."""
FEWEST_ORDERS = 30
"""Fewer orders, of the store or of the reference, bear no claim."""
_COUNTS = ("orders", "known_orders", "reached", "near")
_OWN, _REFERENCE = "own:", "reference:"


@dataclass(frozen=True, slots=True)
class Counts:
    """Orders against each term: first of the stores that set them, then of the reference."""

    terms: int
    blocks: Blocks

    def own(self, values: Floats) -> Floats:
        """The part of `values` that is the stores'."""
        return values[..., : self.terms]

    def reference(self, values: Floats) -> Floats:
        """The part of `values` that is the reference's."""
        return values[..., self.terms :]


def thresholds(session: Session, scope: Scope) -> pl.DataFrame:
    """Rows of `thresholds`, one per store and terms."""
    asked = session.run(sqlfile.find("promotion/threshold_terms"))
    terms = asked.filter(
        pl.col("store_id").is_in(list(scope.store_ids)), pl.col("promo_id") == pl.col("term_id")
    )
    counts = _counts(session.run(sqlfile.find("promotion/threshold_orders")), terms)
    found = _explained(_judged(_measured(terms, counts), scope), session, scope)
    schema = TABLES["thresholds"]
    return found.select(schema.names()).cast(schema)


def _counts(frame: pl.DataFrame, terms: pl.DataFrame) -> Counts:
    side = pl.when("is_own").then(pl.lit(_OWN)).otherwise(pl.lit(_REFERENCE))
    named = frame.select((side + pl.col("term_id")).alias("store_id"), "buyer_group", *_COUNTS)
    sides = [mark + term for mark in (_OWN, _REFERENCE) for term in terms["term_id"]]
    return Counts(terms.height, pivot(named, stores=sides, block="buyer_group"))


def _measured(terms: pl.DataFrame, counts: Counts) -> pl.DataFrame:
    """Shares of own orders and of the reference's, and the difference of the two."""
    blocks = counts.blocks
    known = blocks.total("known_orders")
    reached, near = (_share(blocks, name, known) for name in ("reached", "near"))
    places = np.arange(counts.terms, dtype=np.intp)
    spread = ratio_spread(blocks, "reached", "known_orders")
    gaps = differences(spread, places, places + counts.terms)
    own, reference = counts.own(reached), counts.reference(reached)
    numbers = {
        "orders": counts.own(blocks.total("orders")),
        "known": counts.own(known), "known_reference": counts.reference(known),
        "coverage": counts.own(quotient(known, blocks.total("orders"))),
        "reached_share": own[0], "lo": own[1], "hi": own[2],
        "near_share": counts.own(near)[0],
        "near_lo": counts.own(near)[1], "near_hi": counts.own(near)[2],
        "reference_share": reference[0],
        "reference_lo": reference[1], "reference_hi": reference[2],
        "gap_lo": gaps.lo, "gap_hi": gaps.hi, "p_value": gaps.p_value,
    }  # fmt: skip
    return terms.hstack(pl.DataFrame(numbers, nan_to_null=True))


def _share(blocks: Blocks, top: str, known: Floats) -> Floats:
    """Share with its interval; none or all of them is as sure as the orders are many."""
    value, lo, hi = ratio(blocks, top, "known_orders", scale=Scale.LOGIT)
    at_end = np.isin(value, (0.0, 1.0)) & (known > 0)
    counted = wilson(np.where(at_end, value * known, np.nan), np.where(at_end, known, np.nan))
    return np.stack([value, np.where(at_end, counted.lo, lo), np.where(at_end, counted.hi, hi)])


def _judged(rows: pl.DataFrame, scope: Scope) -> pl.DataFrame:
    """The same threshold at the reference, adjusted over all thresholds."""
    asked = pl.col("store_id") != scope.reference_id
    enough = pl.min_horizontal("known", "known_reference") >= FEWEST_ORDERS
    tested = rows.select(pl.when(asked & enough).then("p_value"))["p_value"]
    adjusted = pl.Series(
        benjamini_hochberg(tested.cast(pl.Float64).to_numpy()), dtype=pl.Float64, nan_to_null=True
    )
    known = asked & enough & pl.col("p_adjusted").is_not_null()
    inside = (pl.col("gap_lo") >= -DELTA) & (pl.col("gap_hi") <= DELTA)
    apart = (pl.col("gap_lo") > 0) | (pl.col("gap_hi") < 0)
    return rows.with_columns(p_adjusted=adjusted).with_columns(
        outcome=pl.when(~asked)
        .then(None)
        .when(~known)
        .then(pl.lit(Outcome.NOT_IDENTIFIABLE))
        .when(inside)
        .then(pl.lit(Outcome.SAME))
        .when((pl.col("p_adjusted") <= LEVEL) & apart)
        .then(pl.lit(Outcome.DIFFERS))
        .otherwise(pl.lit(Outcome.UNCLEAR)),
    )


_SHARES = ("reached_share", "lo", "hi", "near_share", "near_lo", "near_hi", "reference_share",
           "reference_lo", "reference_hi", "coverage", "p_adjusted")  # fmt: skip


def _explained(rows: pl.DataFrame, session: Session, scope: Scope) -> pl.DataFrame:
    """Why a share is not known, or bears no claim; amounts in another currency are not tested."""
    unseen = session.run(sqlfile.find("promotion/shelf_only_stores"))["store_id"].to_list()
    abroad = _abroad(session, scope)
    foreign = pl.col("store_id").is_in(abroad) & (pl.col("threshold_kind") == "amount")
    cleared = rows.with_columns(
        *(pl.when(~foreign).then(name).alias(name) for name in _SHARES),
        outcome=pl.when(foreign & pl.col("outcome").is_not_null())
        .then(pl.lit(Outcome.NOT_IDENTIFIABLE))
        .otherwise("outcome"),
    )
    return cleared.with_columns(
        outcome_reason=pl.when(foreign)
        .then(pl.lit("reason.threshold_currency"))
        .when(pl.col("orders") > 0, pl.col("known") == 0)
        .then(pl.lit("reason.base_unknown"))
        .when(pl.col("known") == 0, pl.col("store_id").is_in(unseen))
        .then(pl.lit("reason.snapshots_only"))
        .when(pl.col("known") == 0)
        .then(pl.lit("reason.no_orders_then"))
        .when(pl.col("known") < FEWEST_ORDERS)
        .then(pl.lit("reason.few_orders"))
        .when(pl.col("lo").is_null())
        .then(pl.lit("reason.too_few_blocks")),
    )


def _abroad(session: Session, scope: Scope) -> list[str]:
    """Stores whose promotions speak of another currency than the comparison."""
    named = session.run(sqlfile.find("promotion/store_currencies"))
    members = set(named.filter(pl.col("currency") != scope.currency)["store_id"])
    return [store.store_id for store in scope.stores if members & set(store.members)]
