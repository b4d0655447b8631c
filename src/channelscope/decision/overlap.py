"""How far other stores could have served a candidate's buyers: goods x price x buyers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from channelscope.decision.evidence import Evidence
from channelscope.estimates import Floats
from channelscope.registry import FULL_PRICE_GAP

TOLERANCES = np.sqrt((np.arange(6) + 0.5) / 6)
"""Buyers by the price gap they accept, as parts of the gap at which nobody compares any more.

Few turn away for a small gap, more for each point that is added: a part g of the full gap keeps g²
of the buyers away.
"""


@dataclass(frozen=True, slots=True)
class Overlap:
    """Parts of the overlap with every store, each 0 to 1. Shapes: (draws, S); `reached` (draws,).

    `reached`: the part of the buyers whom at least one store could have served. A buyer wants one
    product; he accepts price gaps up to one of his own, and shops on another platform or not: what
    keeps him from one store keeps him from those like it as well.
    """

    product: Floats
    price: Floats
    buyers: Floats
    reached: Floats

    @property
    def whole(self) -> Floats:
        """All three at once: a buyer finds the same goods, at the same price, where he shops."""
        return np.asarray(self.product * self.price * self.buyers)


def overlap(
    evidence: Evidence, *, served: Floats, exclusive: Floats, realised: Floats, platform: str,
    other_platforms: Floats,
) -> Overlap:  # fmt: skip
    """Overlap with every store in every draw.

    Shapes: `served` (S,), the others (draws,). A store without a known price level counts as one
    with the same; buyers of one platform can reach all of its stores.
    """
    product = served * (1 - exclusive)[:, None]
    known = evidence.levels[np.isfinite(evidence.levels)]
    if len(known):
        # Who buys below or above all prices that the brand has seen, nobody knows: not new buyers.
        realised = np.clip(realised, known.min(), known.max())
    gap = np.abs(np.log(realised[:, None] / evidence.levels))
    gap = np.minimum(np.nan_to_num(gap) / FULL_PRICE_GAP, 1.0)
    platforms = [store.platform for store in evidence.stores]
    here = np.array([name == platform for name in platforms])
    buyers = np.where(here, 1.0, other_platforms[:, None])
    # Prices that are sure are looked at once, not in every draw.
    seen = gap[:1] if np.ptp(realised) == 0 else gap
    missed = np.ones((len(TOLERANCES), len(realised)))
    for name in dict.fromkeys(platforms):
        mine = np.flatnonzero([one == name for one in platforms])
        shops = 1.0 if name == platform else other_platforms
        missed *= 1 - shops * _found(served[mine], seen[:, mine])
    reached = (1 - missed).mean(axis=0) * (1 - exclusive)
    return Overlap(product, 1 - gap**2, np.asarray(buyers), np.asarray(reached))


def _found(served: Floats, gap: Floats) -> Floats:
    """Who finds it in a store of one platform, by the gap he accepts. (tolerances, draws)."""
    missed = np.ones((len(TOLERANCES), len(gap)))
    for at, part in enumerate(served.tolist()):
        missed *= 1 - part * (gap[:, at] <= TOLERANCES[:, None])
    return np.asarray(1 - missed)


def diverted(parts: Overlap, pull: Floats, at_full_overlap: Floats) -> Floats:
    """Shares of the candidate's sales that each store would have had. Shape: (draws, S).

    at_full_overlap x reached; stores share this loss by `pull` (draws, S), what they sell of such
    goods, times overlap. Shape: `at_full_overlap` (draws,).
    """
    share = parts.whole * pull
    total = share.sum(axis=1, keepdims=True)
    part = np.divide(share, total, out=np.zeros_like(share), where=total > 0)
    return np.asarray((at_full_overlap * parts.reached)[:, None] * part)


def settled(raw: Floats, is_halo: Floats) -> Floats:
    """Shares of single stores from draws around estimates, some of which noise puts below zero.

    What is below zero is no gain, unless the store is shown to have gained: it is taken off the
    others in proportion, so that the sum of all stores stays what the draws say, from 0 to 1.
    """
    gains = np.where(is_halo, np.minimum(raw, 0.0), 0.0)
    losses = np.where(is_halo, 0.0, raw)
    total = np.clip(losses.sum(axis=1, keepdims=True), 0.0, 1.0)
    above = np.maximum(losses, 0.0)
    whole = above.sum(axis=1, keepdims=True)
    part = np.divide(above, whole, out=np.zeros_like(above), where=whole > 0)
    return np.asarray(total * part + gains)
