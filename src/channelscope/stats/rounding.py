"""Rounding that keeps a sum: the printed parts add up to the printed total, to the cent."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from channelscope.stats.arrays import Floats, Ints


@dataclass(frozen=True, slots=True)
class RoundedEffects:
    """Whole numbers of the smallest step (cents when `decimals` is 2)."""

    cents: Ints
    decimals: int

    @property
    def values(self) -> Floats:
        """The same as floats, each the nearest one to its decimal number."""
        floats: Floats = self.cents / 10.0**self.decimals
        return floats


def round_to_total(
    effects: npt.ArrayLike, total: npt.ArrayLike, *, decimals: int = 2
) -> RoundedEffects:
    """Return the effects rounded so that their integer cents sum to the rounded total.

    To a shop owner: the bars of the sales bridge add up to the sales gap, with no cent over.

    Shapes: (..., effects) and (...) to (..., effects). Units: `cents` counts 10**-decimals of the
    unit of the effects.

    Args:
        effects: The parts; they must already sum to the total but for floating point.
        total: What they sum to.
        decimals: Digits kept.

    Returns:
        Integer cents, each within one of its exact value, the largest remainders rounded up
        (first come first on ties); `.values` gives floats.

    Raises:
        ValueError: A part is not known, parts and total disagree by more than rounding (more than
            one cent per part), or they are too large for their cents to be exact.

    Source: Hamilton's method of largest remainders.

    >>> round_to_total([100 / 3, 100 / 3, 100 / 3], 100.0).cents
    array([3334, 3333, 3333])
    """
    scale = 10.0**decimals
    exact = np.asarray(effects, dtype=np.float64) * scale
    target = np.asarray(total, dtype=np.float64) * scale
    _check(exact, target)
    floors = np.floor(exact)
    cents = floors.astype(np.int64)
    missing = np.rint(target).astype(np.int64) - cents.sum(axis=-1)
    # Usually 0 <= missing < effects; what floating point adds to it goes to all alike.
    each, rest = np.divmod(missing, exact.shape[-1])
    order = np.argsort(floors - exact, axis=-1, kind="stable")
    rank = np.argsort(order, axis=-1, kind="stable")
    return RoundedEffects(cents + each[..., None] + (rank < rest[..., None]), decimals)


def _check(exact: Floats, target: Floats) -> None:
    if exact.ndim == 0 or exact.shape[-1] == 0 or exact.shape[:-1] != target.shape:
        raise ValueError(
            f"effects: expected (..., effects) beside a total of shape (...), "
            f"got {exact.shape} and {target.shape}"
        )
    size = np.abs(exact).sum(axis=-1) + np.abs(target)
    if not np.all(size < 2.0**53):
        raise ValueError("effects: expected known numbers whose cents a float can hold")
    gap = np.abs(exact.sum(axis=-1) - target)
    if np.any(gap > exact.shape[-1] + 1e-9 * size):
        raise ValueError(
            f"effects: expected parts that sum to the total, off by {gap.max():g} steps"
        )
