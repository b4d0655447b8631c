"""Who moves first: price changes that another store makes within a week, against chance."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl

from channelscope import sqlfile
from channelscope.domain import Outcome, Scope
from channelscope.engine.duckdb import Session
from channelscope.estimates import Floats, quotient
from channelscope.results import TABLES
from channelscope.stats.adjustment import LEVEL, benjamini_hochberg
from channelscope.stats.arrays import Bools, Ints
from channelscope.stats.price_leads import (
    BLOCK_DAYS,
    FEWEST_VISITS,
    Changes,
    Followed,
    first_mover_p,
    follow,
)

FEWEST_CHANGES = 30
"""Fewer changes that could be seen to be followed bear no claim."""
SWAPS = 999
"""How often the two stores change their places, fortnight by fortnight."""


@dataclass(frozen=True, slots=True)
class Shelf:
    """What was seen of one store's shelf; the codes of products are those of all stores."""

    visits: Ints
    changes: Changes
    carried: Ints

    @property
    def is_seen(self) -> bool:
        """Whether anybody looked at it."""
        return len(self.visits) > 0


@dataclass(frozen=True, slots=True)
class Tried:
    """One store as the leader of another. Shape of `blocks`: (blocks of time,)."""

    changes: int
    together: int
    followed: int
    draws: Floats
    blocks: Floats
    reason: str | None


def leads(session: Session, scope: Scope) -> pl.DataFrame:
    """Rows of `price_leads`, one for each two stores and direction."""
    shelves = _shelves(session, scope)
    ends = [(a, b) for a in scope.store_ids for b in scope.store_ids if a != b]
    tried = {(a, b): _try(shelves[a], shelves[b], scope) for a, b in ends}
    swaps = SWAPS, _blocks(scope)
    signs = np.random.default_rng(scope.seed).choice([-1.0, 1.0], size=swaps)
    p_value = np.array([_p(tried[a, b], tried[b, a], signs) for a, b in ends])
    p_adjusted = benjamini_hochberg(p_value) if ends else p_value
    found = list(tried.values())
    known = np.array([each.reason is None for each in found], dtype=bool)
    followed = np.array([float(each.followed) for each in found])
    expected = np.array([each.draws.mean() if each.reason is None else np.nan for each in found])
    frame = pl.DataFrame(
        {
            "leader_id": [a for a, _ in ends],
            "follower_id": [b for _, b in ends],
            "changes": [each.changes for each in found],
            "together": [each.together for each in found],
            "followed": np.where(known, followed, np.nan),
            "expected": expected,
            "lift": np.where(known, quotient(followed, expected), np.nan),
            "p_value": p_value,
            "p_adjusted": p_adjusted,
            "outcome": [_outcome(*each) for each in zip(known, p_adjusted, strict=True)],
            "outcome_reason": [each.reason for each in found],
        },
        schema_overrides={"outcome": pl.String, "outcome_reason": pl.String},
        nan_to_null=True,
    )
    return frame.cast(TABLES["price_leads"])


def _outcome(known: bool, p_adjusted: float) -> str:
    if not known:
        return str(Outcome.NOT_IDENTIFIABLE)
    return str(Outcome.DIFFERS if p_adjusted <= LEVEL else Outcome.UNCLEAR)


def _p(forth: Tried, back: Tried, signs: Floats) -> float:
    if forth.reason is not None:
        return np.nan
    return first_mover_p(forth.blocks, back.blocks, forth.draws, signs)


def _try(leader: Shelf, follower: Shelf, scope: Scope) -> Tried:
    """What the follower does after the leader's changes of products that it carries as well."""
    mine = leader.changes
    shared = np.isin(mine.item // 2, follower.carried)
    kept = mine.only(shared)
    found = follow(kept, follower.changes, follower.visits)
    block = (kept.day - scope.period.first.toordinal()) // BLOCK_DAYS
    blocks = np.bincount(block[found.did], minlength=_blocks(scope))
    return Tried(
        int(found.could.sum()), int((found.could & found.together).sum()), int(found.did.sum()),
        found.draws, blocks.astype(np.float64), _reason(leader, follower, found),
    )  # fmt: skip


def _blocks(scope: Scope) -> int:
    return -(-scope.period.days // BLOCK_DAYS)


def _reason(leader: Shelf, follower: Shelf, found: Followed) -> str | None:
    if not (leader.is_seen and follower.is_seen):
        return "reason.no_snapshots"
    if min(len(leader.visits), len(follower.visits)) < FEWEST_VISITS:
        return "reason.few_visits"
    if len(found.draws) < FEWEST_VISITS - 1:
        return "reason.few_visits"
    return "reason.few_changes" if found.could.sum() < FEWEST_CHANGES else None


def _shelves(session: Session, scope: Scope) -> Mapping[str, Shelf]:
    visits, moves = (
        session.run(sqlfile.find(f"price/{name}")) for name in ("shelf_visits", "shelf_moves")
    )
    listed = session.run(sqlfile.find("product/listed_skus"))
    skus = pl.concat([moves["sku"], listed["sku"]]).unique().sort()
    sold = listed.select("store_id", code=_codes(listed["sku"], skus))
    coded = moves.select(
        "store_id",
        item=pl.Series(_codes(moves["sku"], skus) * 2 + (moves["direction"] == "rise").to_numpy()),
        day=_ordinal("day"),
        before=_ordinal("seen_before"),
    )
    days = visits.select("store_id", day=_ordinal("day"))
    return {
        store: Shelf(
            _column(days, store, "day"),
            Changes(*(_column(coded, store, name) for name in ("item", "day", "before"))),
            _column(sold, store, "code"),
        )
        for store in scope.store_ids
    }


def _codes(values: pl.Series, among: pl.Series) -> Ints:
    return np.asarray(among.search_sorted(values), dtype=np.int64).reshape(-1)


def _ordinal(name: str) -> pl.Expr:
    """Days since the same beginning as those of `date.toordinal`."""
    return pl.col(name).cast(pl.Int32).cast(pl.Int64) + EPOCH


def _column(frame: pl.DataFrame, store: str, name: str) -> Ints:
    mine: Bools = (frame["store_id"] == store).to_numpy()
    return np.asarray(frame[name].to_numpy()[mine], dtype=np.int64)


EPOCH = 719163
"""1970-01-01 as `date.toordinal` counts it."""
