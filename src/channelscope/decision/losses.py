"""Whose sales a position takes, in every future: as a past opening did, else by overlap."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from channelscope.decision.futures import Futures
from channelscope.decision.overlap import Overlap, diverted, overlap, settled
from channelscope.decision.setting import PLANNED, Position, Setting
from channelscope.estimates import Floats

LEAST_OVERLAP = 0.1
"""An opening that overlapped a store less could hardly touch it."""


@dataclass(frozen=True)
class OwnLosses:
    """What is the same for all positions of a candidate, looked at once."""

    setting: Setting
    futures: Futures

    def shares(self, position: Position, realised: Floats) -> tuple[Floats, Overlap]:
        """What each store loses of a unit paid (draws, S), and the overlap that makes it."""
        evidence, offer = self.setting.evidence, position.offer
        exclusive = np.full(self.futures.draws, 0.0 if offer.is_listed else offer.exclusive.likely)
        if offer.name == PLANNED and not offer.is_listed:
            exclusive = self.futures["exclusive_share"]
        parts = overlap(
            evidence, served=offer.served, exclusive=exclusive, realised=realised,
            platform=self.setting.candidate.platform, other_platforms=self._elsewhere,
        )  # fmt: skip
        pull = np.nan_to_num(offer.sales) * self._split
        found = diverted(parts, pull, self.futures["diversion_at_full_overlap"])
        return settled(self._as_opening(parts, found), self._halo), parts

    @property
    def _elsewhere(self) -> Floats:
        """Buyers shared with other platforms; with no store there it is of none."""
        return self.futures.values.get("other_platforms", np.zeros(self.futures.draws))

    @cached_property
    def _split(self) -> Floats:
        ones = np.ones(self.futures.draws)
        stores = self.setting.evidence.ids
        return np.stack([self.futures.values.get(f"split:{name}", ones) for name in stores], axis=1)

    @property
    def _halo(self) -> Floats:
        """Stores that a past opening is shown to have helped. Shape: (S,)."""
        if self.setting.opening is None:
            return np.zeros(len(self.setting.evidence.ids), dtype=bool)
        past = self.setting.opening[0]
        return np.asarray(past.is_halo.astype(bool) & np.isfinite(past.share))

    @cached_property
    def _then(self) -> Floats | None:
        """Overlap of the store whose opening is known with the others. Shape: (draws, S)."""
        if self.setting.opening is None:
            return None
        evidence, (past, sold) = self.setting.evidence, self.setting.opening
        level = evidence.levels[evidence.ids.index(past.store.store_id)]
        level = level if np.isfinite(level) else self.setting.usual
        found = overlap(
            evidence, served=sold.served, exclusive=np.zeros(self.futures.draws),
            realised=np.full(self.futures.draws, level), platform=past.store.platform,
            other_platforms=self._elsewhere,
        )  # fmt: skip
        return found.whole

    def _as_opening(self, parts: Overlap, shares: Floats) -> Floats:
        """Shares of stores that a past opening tells of, as that opening's, scaled by overlap."""
        if self.setting.opening is None or self._then is None:
            return shares
        past, now, found = self.setting.opening[0], parts.whole, shares.copy()
        for at, name in enumerate(self.setting.evidence.ids):
            if not np.isfinite(past.share[at]):
                continue
            before = self._then[:, at]
            touched = before >= LEAST_OVERLAP
            ratio = now[:, at] / np.where(touched, before, 1.0)
            told = self.futures[f"diversion_share:{name}"] * self.futures["carry_over"] * ratio
            # An opening that could not touch a store says nothing of one that can.
            found[:, at] = np.where(touched, told, shares[:, at])
        return found
