"""How far other stores could have served a candidate's buyers: goods x price x buyers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from channelscope.decision.evidence import Evidence
from channelscope.estimates import Floats
from channelscope.registry import FULL_PRICE_GAP


@dataclass(frozen=True, slots=True)
class Overlap:
    """Parts of the overlap with every store, each 0 to 1. Shapes: (draws, S)."""

    product: Floats
    price: Floats
    buyers: Floats

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
    gap = np.abs(np.log(realised[:, None] / evidence.levels))
    price = 1 - np.minimum(np.nan_to_num(gap) / FULL_PRICE_GAP, 1.0)
    here = np.array([store.platform == platform for store in evidence.stores])
    buyers = np.where(here, 1.0, other_platforms[:, None])
    return Overlap(product, np.asarray(price), np.asarray(buyers))


def diverted(whole: Floats, pull: Floats, at_full_overlap: Floats) -> Floats:
    """Shares of the candidate's sales that each store would have had. Shape: (draws, S).

    A buyer is lost to the candidate where at least one store could have served him:
    at_full_overlap x (1 - product of (1 - overlap)). Stores share this loss by what they sell of
    such goods, times overlap. Shapes: `whole`, `pull` (draws, S), `at_full_overlap` (draws,).
    """
    reached = 1 - np.prod(1 - whole, axis=1)
    share = whole * pull
    total = share.sum(axis=1, keepdims=True)
    part = np.divide(share, total, out=np.zeros_like(share), where=total > 0)
    return np.asarray((at_full_overlap * reached)[:, None] * part)
