"""Shared buyers against chance: every combination of stores whose buyer ids mean the same people.

Pairs have a row whatever is known of them. A combination of three stores or more has one when all
of its stores can be told, and somebody bought in all of them or chance alone would give one buyer:
of twelve stores most of the 4,083 combinations are empty, and no number is missing for that.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import combinations
from typing import Any

import numpy as np
import polars as pl

from channelscope import sqlfile
from channelscope.dimensions import _buyers
from channelscope.dimensions._buyers import SEPARATOR, Circle
from channelscope.domain import Scope
from channelscope.engine.duckdb import Session
from channelscope.estimates import NO_WIDTH, Floats, quotient
from channelscope.results import TABLES
from channelscope.stats.arrays import Bools, Ints
from channelscope.stats.overlap import chance_overlap, chance_overlaps
from channelscope.stats.resampling import Scale, jackknife, with_deletions
from channelscope.stats.subsets import members, over_supersets
from channelscope.stats.tails import t_p

PAIR = 2
FEWEST_EXPECTED = 10
"""Fewer shared buyers by chance do not bear an interval on the scale of a ratio."""
FEWEST_BY_CHANCE = 1.0
"""From so many buyers by chance on it says something that nobody bought in all stores."""


def overlap_tables(
    session: Session,
    scope: Scope,
    orders: pl.DataFrame,
    *,
    coverage: Mapping[str, float],
    unknown: Mapping[str, str],
) -> dict[str, pl.DataFrame]:
    """The tables `overlap` and `buyer_sets`."""
    rows: list[dict[str, Any]] = []
    sets: list[pl.DataFrame] = [pl.DataFrame(schema=TABLES["buyer_sets"])]
    for circle in _circles(session, scope, orders, unknown=unknown):
        rows.extend(_pairs(circle, coverage, unknown))
        rows.extend(_larger(circle, coverage))
        if len(circle.largest) >= PAIR:
            sets.append(_sets(circle, coverage))
    return {"overlap": _frame("overlap", rows), "buyer_sets": pl.concat(sets)}


def _frame(table: str, rows: list[dict[str, Any]]) -> pl.DataFrame:
    frame = pl.DataFrame(rows, schema=TABLES[table], infer_schema_length=None)
    return frame.with_columns(pl.col(pl.Float64).fill_nan(None))


def _circles(
    session: Session, scope: Scope, orders: pl.DataFrame, *, unknown: Mapping[str, str]
) -> Iterator[Circle]:
    """The compared stores of each scope; of more than 61 those with most order lines."""
    buyers = session.run(sqlfile.find("consumers/buyers_by_stores"))
    bits = session.run(sqlfile.find("consumers/compared_bits"))
    ids = _buyers.scopes(scope, dict(session.run(
        sqlfile.find("consumers/buyer_scopes")
    ).iter_rows()))  # fmt: skip
    for name in sorted({known for known in ids.values() if known is not None}):
        first = int(bits.filter(scope=name)["circle"][0])
        found = _buyers.masks(bits, first)
        stores = tuple(s for s in scope.store_ids if ids[s] == name and s in found)
        told = np.array([store not in unknown for store in stores])
        mine = buyers.filter(circle=first)
        yield _buyers.circle(mine, orders, name=name, stores=stores, found=found, known=told)


def _pairs(
    circle: Circle, coverage: Mapping[str, float], unknown: Mapping[str, str]
) -> Iterator[dict[str, Any]]:
    shares = _order_shares(circle)
    rows: list[dict[str, Any]] = []
    lifts: list[tuple[int, Floats]] = []
    for a, b in combinations(range(len(circle.stores)), PAIR):
        pair = sorted((circle.stores[a], circle.stores[b]))
        row: dict[str, Any] = {
            "scope": circle.scope, "stores": SEPARATOR.join(pair), "size": PAIR,
            "coverage": float(np.min([coverage[store] for store in pair])),
        }  # fmt: skip
        reason = next((unknown[store] for store in pair if store in unknown), None)
        if reason is None:
            observed = with_deletions(circle.shared[:, a, b])
            expected = chance_overlap(
                with_deletions(circle.by_orders), circle.orders,
                share_a=shares[:, a], share_b=shares[:, b],
            )  # fmt: skip
            lift = quotient(observed, expected)
            sizes = circle.shared[:, [a, b], [a, b]]
            row |= _row(_told(observed[:, None], expected[:, None], _smallest(
                circle.shared[:, a, b][:, None], sizes[:, None, :]
            )), 0)  # fmt: skip
            reason = row.pop("reason")
            if expected[0] >= FEWEST_EXPECTED:
                lifts.append((len(rows), lift))
        rows.append({**row, "outcome_reason": reason})
    _relate(rows, lifts)
    yield from rows


def _larger(circle: Circle, coverage: Mapping[str, float]) -> Iterator[dict[str, Any]]:
    """Combinations of three of the largest stores or more."""
    stores = [circle.stores[at] for at in circle.largest]
    sizes = members(len(stores))
    if len(stores) <= PAIR:
        return
    inclusive = over_supersets(circle.exactly)
    observed = with_deletions(inclusive)
    expected = chance_overlaps(
        with_deletions(circle.by_orders), circle.orders,
        _order_shares(circle)[:, list(circle.largest)],
    )  # fmt: skip
    kept = np.flatnonzero(
        (sizes > PAIR) & ((observed[0] > 0) | (expected[0] >= FEWEST_BY_CHANCE))
    )  # fmt: skip
    alone = inclusive[:, 1 << np.arange(len(stores))]
    smallest = _smallest_sets(inclusive, alone, kept)
    told = _told(observed[:, kept], expected[:, kept], smallest)
    for at, place in enumerate(kept):
        inside = sorted(store for bit, store in enumerate(stores) if place >> bit & 1)
        row = _row(told, at)
        yield {
            **row, "scope": circle.scope, "stores": SEPARATOR.join(inside), "size": len(inside),
            "coverage": float(np.min([coverage[store] for store in inside])),
            "outcome_reason": row.pop("reason"),
        }  # fmt: skip


def _order_shares(circle: Circle) -> Floats:
    """Each store's share of the scope's identified orders, of all groups and without each.

    Shape: (1 + G, S). The stores that are not compared are in the scope's orders as well.
    """
    in_scope = with_deletions((circle.by_orders * circle.orders).sum(axis=1))
    known = with_deletions(circle.known_orders)
    # An order over the midnight at which the period begins may be counted by one cube alone.
    total = np.maximum(in_scope, known.sum(axis=1))
    return quotient(known, np.broadcast_to(total[:, None], known.shape))


def _smallest(both: Floats, sizes: Floats) -> Floats:
    """Buyers of all stores of the buyers of the smallest. Shapes: (G, K), (G, K, stores)."""
    least = sizes.sum(axis=0).argmin(axis=-1)
    return _buyers.shares(both, np.take_along_axis(sizes, least[None, :, None], axis=-1)[..., 0])


def _smallest_sets(inclusive: Floats, alone: Floats, places: Ints) -> Floats:
    inside = (places[:, None] >> np.arange(alone.shape[1]) & 1).astype(bool)
    sizes = np.where(inside, alone.sum(axis=0), np.inf)
    return _buyers.shares(inclusive[:, places], alone[:, sizes.argmin(axis=1)])


def _told(observed: Floats, expected: Floats, share: Floats) -> dict[str, Floats]:
    """Lift and share of K combinations. Shapes: (1 + G, K) twice, (3, K)."""
    lift = quotient(observed, expected)
    interval = jackknife(lift[0], lift[1:], scale=Scale.LOG)
    wide = interval.hi - interval.lo > NO_WIDTH * np.abs(lift[0])
    wide &= expected[0] >= FEWEST_EXPECTED
    freedom = np.isfinite(lift[1:]).sum(axis=0) - 1
    with np.errstate(divide="ignore", invalid="ignore"):
        p_value = t_p(np.log(lift[0]), interval.standard_error, freedom)
    return {
        "buyers": observed[0], "expected": expected[0], "lift": lift[0],
        "lo": np.where(wide, interval.lo, np.nan), "hi": np.where(wide, interval.hi, np.nan),
        "p_value": np.where(wide, p_value, np.nan),
        "share": share[0], "share_lo": share[1], "share_hi": share[2],
    }  # fmt: skip


def _row(told: Mapping[str, Floats], at: int) -> dict[str, Any]:
    row: dict[str, Any] = {name: float(values[at]) for name, values in told.items()}
    return {**row, "buyers": int(row["buyers"]), "reason": _why_not(row)}


def _why_not(row: Mapping[str, Any]) -> str | None:
    """Why a combination whose buyers are known has no lift, or none with an interval."""
    if np.isnan(row["lift"]):
        return "reason.no_repeat_buyers"
    if row["buyers"] == 0:
        return "reason.no_shared_buyers"
    if row["expected"] < FEWEST_EXPECTED:
        return "reason.few_by_chance"
    return "reason.too_few_blocks" if np.isnan(row["lo"]) else None


def _relate(rows: list[dict[str, Any]], lifts: list[tuple[int, Floats]]) -> None:
    """Each pair's lift against the geometric mean of the others' of its scope.

    Under loyalty every pair lies below chance; which pair shares more than the others is seen here
    alone. Pairs without a shared buyer have no place in a geometric mean and are left out.
    """
    known = [(at, np.log(lift)) for at, lift in lifts if lift[0] > 0 and np.all(lift > 0)]
    if len(known) < PAIR:
        return
    logs = np.stack([lift for _, lift in known], axis=1)
    others = (logs.sum(axis=1, keepdims=True) - logs) / (len(known) - 1)
    ratio = np.exp(logs - others)
    interval = jackknife(ratio[0], ratio[1:], scale=Scale.LOG)
    wide: Bools = interval.hi - interval.lo > NO_WIDTH * ratio[0]
    p_value = t_p(np.log(ratio[0]), interval.standard_error, len(ratio) - 2)
    for place, (at, _) in enumerate(known):
        if wide[place]:
            rows[at] |= {
                "relative": float(ratio[0, place]), "relative_lo": float(interval.lo[place]),
                "relative_hi": float(interval.hi[place]),
                "relative_p_value": float(p_value[place]),
            }  # fmt: skip


def _sets(circle: Circle, coverage: Mapping[str, float]) -> pl.DataFrame:
    """Rows of `buyer_sets`: each buyer counted once, under exactly the stores bought in."""
    stores = [circle.stores[at] for at in circle.largest]
    counts = circle.exactly[:, 1:]
    kept = np.flatnonzero(counts.sum(axis=0) > 0)
    whole = np.broadcast_to(counts.sum(axis=1, keepdims=True), (len(counts), len(kept)))
    share = _buyers.shares(counts[:, kept], whole)
    rows = []
    for at, place in enumerate(kept + 1):
        inside = [store for bit, store in enumerate(stores) if place >> bit & 1]
        rows.append({
            "scope": circle.scope, "stores": SEPARATOR.join(sorted(inside)), "size": len(inside),
            "buyers": int(counts[:, place - 1].sum()), "share": float(share[0, at]),
            "lo": float(share[1, at]), "hi": float(share[2, at]),
            "coverage": float(np.min([coverage[store] for store in stores])),
        })  # fmt: skip
    return _frame("buyer_sets", rows)
