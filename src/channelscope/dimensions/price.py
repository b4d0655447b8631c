"""Price: the level of each store on the same goods at the same time, and who differs from whom."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from channelscope import sqlfile
from channelscope.dimensions import _price_pairs
from channelscope.dimensions._price_order import price_order
from channelscope.dimensions._price_scatter import LINK_SKUS, dispersion
from channelscope.domain import Figure, Outcome, Rung, Scope, TimeGrain
from channelscope.engine.duckdb import Session
from channelscope.estimates import Floats, rows
from channelscope.results import TABLES
from channelscope.stats.arrays import Bools
from channelscope.stats.multilateral import connected_component
from channelscope.stats.price_levels import Levels, PairSums, levels

POSITION = 2
FIGURES = (
    Figure("F2.1", "price_forest", "price/price_forest", "price_forest"),
    Figure("F2.2", "price_ladder", "price/price_ladder", "price_ladder"),
    Figure("F2.5", "price_order", "price/price_order", "grid"),
)
METRIC_OF_RUNG = {
    Rung.REALISED: "price_level",
    Rung.LIST: "list_level",
    Rung.ACTIVITY: "activity_level",
    Rung.ONE_PIECE: "one_piece_level",
}
SHELF_RUNGS = (Rung.ACTIVITY, Rung.ONE_PIECE)
LINK_SHARE = 0.10


@dataclass(frozen=True, slots=True)
class Matched:
    """Matched prices of all pairs on one rung and time grain, and what they link."""

    sums: PairSums
    linked: Bools
    coverage: Floats
    skus: Floats
    priced: Bools

    def reached(self, reference: int) -> Bools:
        """Stores with a path of links to the reference."""
        return connected_component(self.linked, reference=reference)


def off(scope: Scope) -> str | None:
    """Prices are in either of the two tables one of which every workspace has."""
    return None if scope.present & {"order_lines", "price_snapshots"} else "off.no_prices"


def compare(session: Session, scope: Scope) -> dict[str, pl.DataFrame]:
    """Rows of `price_index`, `price_gaps`, `metrics`, `differences` and `pairs`."""
    reference = scope.store_ids.index(scope.reference_id)
    rung = Rung.REALISED if "order_lines" in scope.present else Rung.ONE_PIECE
    tried: dict[TimeGrain, Matched] = {}
    grain = choose_grain(session, scope, rung=rung, tried=tried)
    pairs = _price_pairs.pairs(session, scope)
    index, metrics, differences = [], [], []
    for each in _rungs(scope):
        matched = tried[grain] if each is rung else match(session, scope, rung=each, grain=grain)
        found = levels(matched.sums, matched.linked, reference=reference)
        moves = each is rung and _moves_with_grain(
            session, scope, each, grain, found=found, tried=tried
        )
        frame = _index_rows(scope, each, grain, matched, found, moves=moves)
        index.append(frame)
        metrics.append(_level_rows(each, frame))
        differences.append(
            _price_pairs.level_differences(scope, METRIC_OF_RUNG[each], found, moves=moves)
        )
        if each is rung:
            metrics += dispersion(
                scope, matched.sums, matched.coverage[:, reference], reference=reference
            )
    order = price_order(session, scope)
    return {
        "price_index": pl.concat(index),
        "price_gaps": order["price_gaps"],
        "metrics": pl.concat([*metrics, order["metrics"]]),
        "differences": _price_pairs.no_surer_than(pairs, pl.concat(differences)),
        "pairs": pairs,
    }


def _rungs(scope: Scope) -> tuple[Rung, ...]:
    sold = (Rung.LIST, Rung.REALISED) if "order_lines" in scope.present else (Rung.LIST,)
    return sold + (SHELF_RUNGS if "price_snapshots" in scope.present else ())


def choose_grain(
    session: Session, scope: Scope, *, rung: Rung, tried: dict[TimeGrain, Matched]
) -> TimeGrain:
    """The finest grain that leaves no store unlinked which a coarser one would link.

    What was matched on the way is left in `tried`.
    """
    reference = scope.store_ids.index(scope.reference_id)
    priceless = np.isnan(_sales(session, scope)) & (rung is Rung.REALISED)
    reached: dict[TimeGrain, Bools] = {}
    for grain in TimeGrain:
        tried[grain] = match(session, scope, rung=rung, grain=grain)
        reached[grain] = tried[grain].reached(reference)
        if (reached[grain] | priceless).all():
            break
    within_reach = np.any(list(reached.values()), axis=0)
    return next(grain for grain, found in reached.items() if (found >= within_reach).all())


def match(session: Session, scope: Scope, *, rung: Rung, grain: TimeGrain) -> Matched:
    """The matched prices of every pair, as arrays; links as METHODS 2 defines them."""
    query = sqlfile.find("price/matched_prices")
    frame = session.run(query, {"rung": str(rung), "time_grain": str(grain)})
    sums = _sums(frame, scope.store_ids)
    sales = _sales(session, scope)
    size = len(scope.stores)
    shares = np.full((size, size), np.nan)
    skus = np.zeros((size, size))
    shares[sums.first, sums.second] = sums.value_a.sum(axis=0) / sales[sums.first]
    shares[sums.second, sums.first] = sums.value_b.sum(axis=0) / sales[sums.second]
    skus[sums.first, sums.second] = (sums.value_a + sums.value_b > 0).sum(axis=0)
    skus += skus.T
    # Where nobody's sales are known, the number of shared products alone decides.
    enough = np.fmax(shares, shares.T) >= LINK_SHARE
    unknown = np.isnan(shares) & np.isnan(shares.T)
    linked = (skus >= LINK_SKUS) & (enough | unknown)
    return Matched(sums, linked, shares, skus, _priced(session, scope, rung))


def _priced(session: Session, scope: Scope, rung: Rung) -> Bools:
    """Which stores have any price on the rung."""
    found = session.run(sqlfile.find("price/priced_stores"), {"rung": str(rung)})["store_id"]
    return np.isin(scope.store_ids, found.to_list())


def _sales(session: Session, scope: Scope) -> Floats:
    frame = session.run(sqlfile.find("price/paid_by_store"))
    paid = dict(frame.iter_rows())
    found = np.array([paid.get(store, 0.0) for store in scope.store_ids])
    return np.where(found > 0, found, np.nan)


def _sums(frame: pl.DataFrame, stores: tuple[str, ...]) -> PairSums:
    pairs = frame.select("store_a", "store_b").unique(maintain_order=True)
    item = frame["sku"].rank("dense").to_numpy().astype(np.intp) - 1
    pair = (
        frame.select("store_a", "store_b")
        .join(pairs.with_row_index("at"), on=["store_a", "store_b"], maintain_order="left")["at"]
        .to_numpy()
    )
    shape = (int(item.max()) + 1 if len(item) else 0, pairs.height)

    def dense(name: str) -> Floats:
        array = np.zeros(shape)
        array[item, pair] = frame[name].to_numpy()
        return array

    first, second = (
        np.array([stores.index(store) for store in pairs[name]], dtype=np.intp)
        for name in ("store_a", "store_b")
    )
    return PairSums(
        first, second, dense("value_a"), dense("value_b"), dense("log_a"), dense("log_b")
    )


def _moves_with_grain(
    session: Session, scope: Scope, rung: Rung, grain: TimeGrain,
    *, found: Levels, tried: dict[TimeGrain, Matched],
) -> Bools:  # fmt: skip
    """Which levels move by more than their interval in the next finer or coarser cells."""
    grains = list(TimeGrain)
    at = grains.index(grain)
    reference = scope.store_ids.index(scope.reference_id)
    moves = np.zeros(len(scope.stores), dtype=bool)
    for neighbour in grains[max(at - 1, 0) : at + 2]:
        if neighbour is not grain:
            other = tried.get(neighbour) or match(session, scope, rung=rung, grain=neighbour)
            level = levels(other.sums, other.linked, reference=reference).log_level
            moves |= np.abs(level - found.log_level) > found.hi - found.lo
    return moves


def _index_rows(
    scope: Scope, rung: Rung, grain: TimeGrain, matched: Matched, found: Levels,
    *, moves: Bools | bool,
) -> pl.DataFrame:  # fmt: skip
    reference = scope.store_ids.index(scope.reference_id)
    is_reference = np.arange(len(scope.stores)) == reference
    skus = matched.skus[reference]
    reached = matched.reached(reference)
    coverage = matched.coverage[:, reference]
    value, lo, hi = (100 * np.exp(part) for part in (found.log_level, found.lo, found.hi))
    frame = pl.DataFrame(
        {
            "store_id": scope.store_ids,
            "category": "all",
            "rung": str(rung),
            "unit": "piece",
            "method": "linked_tornqvist",
            "value": value,
            "lo": np.where(is_reference, np.nan, lo),
            "hi": np.where(is_reference, np.nan, hi),
            "matched_skus": np.where(is_reference, skus.max(), skus),
            "coverage": np.where(is_reference, np.nan, coverage),
            "time_grain": str(grain),
            "moves": np.broadcast_to(moves, len(scope.stores)),
            "is_reference": is_reference,
            "has_prices": matched.priced,
            "shares_products": (matched.skus[:, reached] > 0).any(axis=1),
        }
    ).with_columns(pl.col("value", "lo", "hi", "coverage").fill_nan(None))
    delta = scope.delta[METRIC_OF_RUNG[rung]]
    schema = TABLES["price_index"]
    return _judged(frame, delta).select(schema.names()).cast(schema)


def _judged(frame: pl.DataFrame, delta: float) -> pl.DataFrame:
    inside = (pl.col("lo") >= 100 - delta) & (pl.col("hi") <= 100 + delta)
    excludes = (pl.col("lo") > 100) | (pl.col("hi") < 100)
    linked = pl.col("value").is_not_null()
    return frame.with_columns(
        outcome=pl.when(pl.col("is_reference"))
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


def _level_rows(rung: Rung, index: pl.DataFrame) -> pl.DataFrame:
    value, lo, hi, n, coverage = (
        index[name].cast(pl.Float64).fill_null(np.nan).to_numpy()
        for name in ("value", "lo", "hi", "matched_skus", "coverage")
    )
    frame = rows(
        METRIC_OF_RUNG[rung], index["store_id"].to_list(), value=value, lo=lo, hi=hi, n=n,
        coverage=coverage,
    )  # fmt: skip
    return frame.with_columns(outcome_reason=index["outcome_reason"])
