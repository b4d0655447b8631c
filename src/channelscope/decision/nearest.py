"""Which stores a candidate is like, and how well such likeness has told what a store sells."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from channelscope.candidate import Candidate
from channelscope.decision.evidence import MAP, Evidence
from channelscope.decision.goods import Offer
from channelscope.decision.promotions import Discount
from channelscope.domain import Store
from channelscope.estimates import Floats
from channelscope.registry import FULL_PRICE_GAP
from channelscope.stats.distances import jensen_shannon

PLACE = "place"
LEAST_STORES = 4
NEAR = 0.05
"""Stores nearer than this are as near as can be told."""
FULL_RATING_GAP = 0.5
"""Ten smallest differences of a rating that matter count as 1, as in the service dimension."""
STRANGE = 1.5
"""How much wider demand is where no store of the platform is there to learn from."""


@dataclass(frozen=True, slots=True)
class Nearest:
    """Distances of a candidate to every store by dimension, and weights. Shapes: (S,)."""

    by_dimension: Mapping[str, Floats]
    distance: Floats
    weight: Floats


@dataclass(frozen=True, slots=True)
class Told:
    """A quantity told from the nearest stores: its median, and one standard error of its log.

    `freedom`: how many stores the error was learnt from, less one. `is_strange`: no store of the
    candidate's platform is among them.
    """

    value: float
    error: float
    freedom: int
    is_strange: bool


def nearest(
    candidate: Candidate, evidence: Evidence, offer: Offer, level: float, plan: Discount
) -> Nearest:
    """Where a candidate would stand among the stores: the mean distance over known dimensions."""
    realised = level * (1 - plan.likely)
    by_dimension = {
        "product": offer.distance,
        "price": np.minimum(np.abs(np.log(realised / evidence.levels)) / FULL_PRICE_GAP, 1.0),
        "promotion": _promotion(evidence, plan),
        "service": _service(candidate, evidence),
        PLACE: np.array([place(candidate.kind, candidate.platform, s) for s in evidence.stores]),
    }
    distance = _mean(by_dimension, evidence)
    return Nearest(by_dimension, distance, weights(distance))


def place(kind: str, platform: str, store: Store) -> float:
    """Half for another platform, half for another kind of store."""
    return (platform != store.platform) / 2 + (kind != store.kind) / 2


def weights(distance: Floats) -> Floats:
    """Nearer stores weigh more, as the square of nearness; they sum to 1."""
    raw = 1 / (distance**2 + NEAR**2)
    return np.asarray(raw / raw.sum())


def _promotion(evidence: Evidence, plan: Discount) -> Floats:
    """Root of the divergence of mechanism mixes over everyday or list value; nan = not known."""
    names = sorted({*evidence.mixes, *plan.mix})
    own = np.array([plan.mix.get(name, 0.0) for name in names])
    own = np.append(own, max(1 - own.sum(), 0.0))
    found = []
    for at in range(len(evidence.ids)):
        mine = np.array([evidence.mixes[n][at] if n in evidence.mixes else 0.0 for n in names])
        other = np.append(mine, max(1 - mine.sum(), 0.0))
        known = np.isfinite(mine).all()
        found.append(np.sqrt(max(float(jensen_shannon(own, other)), 0.0)) if known else np.nan)
    return np.array(found)


def _service(candidate: Candidate, evidence: Evidence) -> Floats:
    if candidate.rating.word is not None:
        return np.full(len(evidence.ids), np.nan)
    gap = np.abs(evidence.metric("rating_service") - candidate.rating.likely)
    return np.asarray(np.minimum(gap / FULL_RATING_GAP, 1.0))


def _mean(by_dimension: Mapping[str, Floats], evidence: Evidence) -> Floats:
    """The weighted mean of the known ones; place counts as one dimension more."""
    parts = np.stack(list(by_dimension.values()))
    weight = np.array([evidence.scope.weights.get(name, 1.0) for name in by_dimension])
    return _known_mean(parts, weight)


def _known_mean(parts: Floats, weight: Floats) -> Floats:
    shaped = weight.reshape(-1, *[1] * (parts.ndim - 1)) * np.isfinite(parts)
    total = shaped.sum(axis=0)
    mean = (np.nan_to_num(parts) * shaped).sum(axis=0) / np.where(total > 0, total, 1.0)
    return np.asarray(np.where(total > 0, mean, 1.0))


def between(evidence: Evidence) -> Floats:
    """Mean distance of every two stores, over the same dimensions. Shape: (S, S)."""
    stores = evidence.stores
    places = np.array([[place(a.kind, a.platform, b) for b in stores] for a in stores])
    parts = np.stack([*(evidence.between[name] for name in MAP), places])
    weight = np.array([evidence.scope.weights.get(name, 1.0) for name in (*MAP, PLACE)])
    return _known_mean(parts, weight)


def told(values: Floats, near: Nearest, evidence: Evidence, platform: str) -> Told | None:
    """A positive quantity of the candidate from that of its nearest stores.

    Every store is foretold from the others in the same way; how far off that was is the error.
    None with fewer than `LEAST_STORES` to learn from: of two or three nobody knows how far off
    such a foretelling is.
    """
    known = np.isfinite(values) & (values > 0)
    if known.sum() < LEAST_STORES:
        return None
    logs, weight = np.log(values[known]), near.weight[known]
    apart = between(evidence)[np.ix_(known, known)]
    stores = [store for store, is_known in zip(evidence.stores, known, strict=True) if is_known]
    error = _left_out(logs, apart, np.ones_like(apart, dtype=bool))
    is_strange = all(store.platform != platform for store in stores)
    if is_strange:
        elsewhere = np.array([[a.platform != b.platform for b in stores] for a in stores])
        error = max(error * STRANGE, _left_out(logs, apart, elsewhere))
    value = float(np.exp((logs * weight).sum() / weight.sum()))
    return Told(value, error, int(known.sum()) - 1, is_strange)


def _left_out(logs: Floats, apart: Floats, may_learn: np.ndarray) -> float:
    """Root mean square of what each store is off when it is foretold from the others."""
    misses = []
    for at in range(len(logs)):
        others = may_learn[at] & (np.arange(len(logs)) != at)
        if others.any():
            weight = weights(apart[at][others])
            misses.append(logs[at] - float((logs[others] * weight).sum()))
    return float(np.sqrt(np.mean(np.square(misses)))) if misses else 0.0
