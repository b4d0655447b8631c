"""Many comparisons at once: p-values adjusted so that chance is rarely called a difference."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from channelscope.stats.arrays import Floats

LEVEL = 0.05
"""An adjusted p-value up to this is told as a difference."""


def holm(p_values: npt.ArrayLike) -> Floats:
    """Return p-values adjusted by Holm: the chance of any false claim in the family is bounded.

    To a shop owner: five dimensions looked at, one of them stands out: this is how surprising that
    is given that five were looked at.

    Shapes: (..., family), kept. Units: probabilities.

    Args:
        p_values: Along the last axis, those of one family; nan = not tested, and not counted.

    Returns:
        Adjusted p-values, at most 1; nan stays nan.

    Raises:
        ValueError: No axis, or a value outside 0 to 1.

    Source: Holm (1979).

    >>> holm([0.01, 0.04, 0.03, np.nan]).round(4)
    array([0.03, 0.06, 0.06,  nan])
    """
    ranked, order, tested = _ranked(p_values)
    place = np.arange(ranked.shape[-1])
    steps = np.maximum(tested[..., None] - place, 1) * ranked
    return _placed(np.fmax.accumulate(steps, axis=-1), ranked, order)


def benjamini_hochberg(p_values: npt.ArrayLike) -> Floats:
    """Return p-values adjusted by Benjamini and Hochberg: few of the claims made are false.

    To a shop owner: of all the differences that are named, at most one in twenty is chance.

    Shapes: (..., family), kept. Units: probabilities.

    Args:
        p_values: Along the last axis, those of one family; nan = not tested, and not counted.

    Returns:
        Adjusted p-values, at most 1; nan stays nan. The smallest one is Simes' p-value of the
        whole family.

    Raises:
        ValueError: No axis, or a value outside 0 to 1.

    Source: Benjamini and Hochberg (1995); Simes (1986).

    >>> benjamini_hochberg([0.01, 0.04, 0.03, np.nan]).round(4)
    array([0.03, 0.04, 0.04,  nan])
    """
    ranked, order, tested = _ranked(p_values)
    place = np.arange(1, ranked.shape[-1] + 1)
    steps = tested[..., None] * ranked / place
    smallest = np.fmin.accumulate(steps[..., ::-1], axis=-1)[..., ::-1]
    return _placed(smallest, ranked, order)


def _ranked(
    p_values: npt.ArrayLike,
) -> tuple[Floats, npt.NDArray[np.intp], npt.NDArray[np.int_]]:
    """Sorted along the last axis, what is not known last; the order; how many are known."""
    given = np.asarray(p_values, dtype=np.float64)
    if given.ndim == 0 or np.any((given < 0) | (given > 1)):
        raise ValueError("p_values: expected probabilities along an axis, nan for not known")
    order = np.argsort(given, axis=-1, kind="stable")
    return np.take_along_axis(given, order, axis=-1), order, np.isfinite(given).sum(axis=-1)


def _placed(adjusted: Floats, ranked: Floats, order: npt.NDArray[np.intp]) -> Floats:
    found = np.where(np.isnan(ranked), np.nan, np.minimum(adjusted, 1.0))
    placed = np.empty_like(found)
    np.put_along_axis(placed, order, found, axis=-1)
    return placed
