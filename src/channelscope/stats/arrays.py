"""Array types and the few conversions the modules of the package share."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]


def non_negative(values: npt.ArrayLike, *, name: str) -> Floats:
    """Return the values as floats, nan for not known; raise when one is below zero or infinite."""
    array = np.asarray(values, dtype=np.float64)
    if np.any(array < 0) or np.any(np.isinf(array)):
        worst = array[(array < 0) | np.isinf(array)].flat[0]
        raise ValueError(f"{name}: expected numbers of zero or more (nan = not known), got {worst}")
    return array


def to_shares(weights: npt.ArrayLike, *, name: str) -> Floats:
    """Return the weights divided by their sum over the last axis; nan where that sum is zero."""
    array = non_negative(weights, name=name)
    if array.ndim == 0 or array.shape[-1] == 0:
        raise ValueError(f"{name}: expected at least one item on the last axis, got {array.shape}")
    # Divided by the largest first, so that neither a huge nor a tiny total loses its digits.
    largest = array.max(axis=-1, keepdims=True)
    scaled = np.divide(array, largest, out=np.full_like(array, np.nan), where=largest != 0)
    shares: Floats = scaled / scaled.sum(axis=-1, keepdims=True)
    return shares


def ratio(numerator: float, denominator: float) -> float:
    """Return the quotient, or nan where there is nothing to divide by."""
    return float(numerator / denominator) if denominator else float("nan")
