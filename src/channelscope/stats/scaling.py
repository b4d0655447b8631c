"""A map of stores: places whose distances on paper come close to the distances between stores."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from channelscope.stats.arrays import Floats


@dataclass(frozen=True, slots=True)
class Places:
    """Coordinates (stores, 2), and how much the paper distorts: Kruskal's stress, 0 = nothing."""

    coordinates: Floats
    stress: float


def classical_map(distances: npt.ArrayLike) -> Places:
    """Return a map of stores by classical multidimensional scaling.

    To a shop owner: stores that differ little stand together; only nearness means something, not
    left or right, up or down.

    Shapes: (stores, stores) to (stores, 2). Units: those of the distances.

    Args:
        distances: Symmetric, zero on the diagonal, all known.

    Returns:
        Coordinates around their centre, the wider axis first; each axis points to where its
        first store with a place off the centre stands, so that the same data give the same map.
        `stress` is the root of squared distance errors over squared distances.

    Raises:
        ValueError: Not a symmetric matrix of known distances with a zero diagonal.

    Source: Torgerson (1952); Kruskal (1964) for stress-1.

    >>> found = classical_map([[0.0, 3.0, 4.0], [3.0, 0.0, 5.0], [4.0, 5.0, 0.0]])
    >>> float(round(found.stress, 6))
    0.0
    """
    matrix = np.asarray(distances, dtype=np.float64)
    square = matrix.ndim == 2 and matrix.shape[0] == matrix.shape[1]
    if not (square and np.isfinite(matrix).all() and np.allclose(matrix, matrix.T)):
        raise ValueError("distances: expected a symmetric matrix of known numbers")
    if np.any(np.diag(matrix) != 0) or np.any(matrix < 0):
        raise ValueError("distances: expected zero on the diagonal and nothing below it")
    size = len(matrix)
    centred = np.eye(size) - 1 / max(size, 1)
    values, vectors = np.linalg.eigh(-0.5 * centred @ matrix**2 @ centred)
    coordinates = np.zeros((size, 2))
    kept = min(size, 2)
    largest = np.argsort(values)[::-1][:kept]
    coordinates[:, :kept] = vectors[:, largest] * np.sqrt(np.maximum(values[largest], 0))
    return Places(_turned(coordinates), _stress(matrix, coordinates))


def _turned(coordinates: Floats) -> Floats:
    away = np.abs(coordinates) > 1e-9 * max(float(np.abs(coordinates).max(initial=0)), 1e-300)
    first = np.argmax(away, axis=0)
    sign = np.sign(coordinates[first, np.arange(2)]) if len(coordinates) else np.ones(2)
    return coordinates * np.where(sign == 0, 1, sign)


def _stress(distances: Floats, coordinates: Floats) -> float:
    drawn = np.linalg.norm(coordinates[:, None] - coordinates[None], axis=-1)
    total = (distances**2).sum()
    return float(np.sqrt(((distances - drawn) ** 2).sum() / total)) if total > 0 else 0.0
