"""How large differences really are when their sizes are inflated by noise."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from channelscope.stats.arrays import Floats

FAR = 30.0
"""So many deviations from zero nothing is folded any more."""


def true_sizes(
    values: npt.ArrayLike, variances: npt.ArrayLike, *, mean: npt.ArrayLike, room: npt.ArrayLike
) -> Floats:
    """Return the sizes of noisy values without what noise alone adds to them.

    To a shop owner: a gap of nothing looks like a small one, up or down, and many of them look like
    a lot; this takes off what luck puts on.

    Shapes: four that broadcast. Units: those of the values.

    Args:
        values: Differences as measured.
        variances: Of their noise; 0 = measured exactly.
        mean: Around which the true values lie.
        room: Their variance around it, beyond noise; 0 = all are the mean.

    Returns:
        |value| less the expected inflation of the value that is believed to be true: the measured
        one shrunk to the mean by as much as noise is its share. Around 0 the results may lie below
        it, so that their mean is none where there is nothing.

    Raises:
        ValueError: Shapes do not broadcast.

    Source: folded normal distribution (Leone, Nelson and Nottingham 1961) around values shrunk to
        their mean (Efron and Morris 1975).

    >>> true_sizes([0.8, 5.0], [1.0, 1.0], mean=0.0, room=[0.0, 99.0]).round(3).tolist()
    [0.002, 5.0]
    """
    given, noise, centre, spread = np.broadcast_arrays(
        *(np.asarray(part, np.float64) for part in (values, variances, mean, room))
    )
    believed = centre + (given - centre) * spread / np.maximum(spread + noise, 1e-300)
    sizes: Floats = np.abs(given) - _inflation(believed, np.sqrt(noise))
    return sizes


def _inflation(mean: Floats, deviation: Floats) -> Floats:
    """How much larger the mean size of a normal value is than the size of its mean."""
    from scipy.special import ndtr  # noqa: PLC0415  (slow to import)

    scale = np.maximum(deviation, 1e-300)
    ratio = np.minimum(np.abs(mean) / scale, FAR)
    density = np.sqrt(2 / np.pi) * np.exp(-(ratio**2) / 2)
    added: Floats = np.where(deviation > 0, scale * (density - 2 * ratio * ndtr(-ratio)), 0.0)
    return added
