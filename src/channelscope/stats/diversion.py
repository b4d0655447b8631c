"""How far stores divide needs among themselves, beyond what chance makes of their buyers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from channelscope.stats.arrays import Floats, non_negative
from channelscope.stats.intervals import t_quantile
from channelscope.stats.resampling import leave_one_out
from channelscope.stats.tails import SMALLEST

_LN2 = float(np.log(2))
_SERIES = 30.0
"""From this mean on, what is expected of x ln x is a short series; below, it is added up."""
_FAR = 2000.0
"""So far beyond chance the interval is symmetric."""
_TAIL = 0.025
_NORMAL = 1.959964


@dataclass(frozen=True, slots=True)
class Diversion:
    """The index with its interval, what chance alone would show, and how surprising it is.

    `null_mean` is on the scale of the index before chance is taken off: information that chance
    gives, of the most there could be.
    """

    index: float
    lo: float
    hi: float
    null_mean: float
    p_value: float


@dataclass(frozen=True, slots=True)
class Chance:
    """What stores that serve one and the same mix would show: mean in bits, and its freedom."""

    mean: float
    freedom: float
    error_freedom: float


def mutual_information(counts: npt.ArrayLike) -> Floats:
    """Return how much the store tells about the segment, in bits.

    To a shop owner: 0 when every store sells to the same needs in the same proportions.

    Shapes: (..., stores, segments) to (...). Units: bits.

    Args:
        counts: Orders of each store and segment, zero or more.

    Returns:
        The mutual information; nan where nothing is counted.

    Raises:
        ValueError: A count below zero.

    Source: Shannon (1948).

    >>> mutual_information([[[5, 0], [0, 5]], [[5, 5], [1, 1]]]).round(9)
    array([1., 0.])
    """
    table = non_negative(counts, name="counts")
    total = table.sum(axis=(-1, -2))
    with np.errstate(invalid="ignore", divide="ignore"):
        joint = table / total[..., None, None]
    flat = joint.reshape(*joint.shape[:-2], -1)
    return _entropy(joint.sum(axis=-1)) + _entropy(joint.sum(axis=-2)) - _entropy(flat)


def _entropy(shares: Floats) -> Floats:
    known = np.where(shares > 0, shares, 1.0)
    found: Floats = -np.where(np.isnan(shares), np.nan, shares * np.log2(known)).sum(axis=-1)
    return found


def _most(counts: Floats) -> Floats:
    """The most a store could tell: the smaller entropy, of stores or of segments."""
    with np.errstate(invalid="ignore", divide="ignore"):
        shares = counts / counts.sum(axis=(-1, -2))[..., None, None]
    return np.minimum(_entropy(shares.sum(axis=-1)), _entropy(shares.sum(axis=-2)))


def by_chance(groups: npt.ArrayLike) -> Chance:
    """Return the mutual information of stores among which buyers are dealt by chance.

    To a shop owner: small stores always look special; this is how special they look when they are
    not.

    Shapes: (groups, stores, segments). Units: bits.

    Args:
        groups: Orders by group of buyers, store and segment; a buyer is in one group.

    Returns:
        Its mean, and the degrees of freedom of its distribution and of its estimate. Buyers are
        dealt, each with all of his orders: how much more those of one buyer are alike than those of
        two is measured by the groups. Rare cells are counted as they are: no large sample is
        needed. nan with fewer than two stores, segments or groups that have anything.

    Raises:
        ValueError: A count below zero.

    Source: the expectation of the likelihood ratio under independence, Poisson cells (Good 1981),
        with a design effect for each segment (Rao and Scott 1984).

    >>> dealt = np.tile([[[3.0, 1.0], [9.0, 3.0]]], (40, 1, 1))
    >>> dealt[::2] = [[[1.0, 3.0], [3.0, 9.0]]]
    >>> round(by_chance(dealt).mean, 4)
    0.0047
    """
    counts = _occupied(non_negative(groups, name="groups"))
    blocks, stores, segments = counts.shape
    if min(blocks, stores, segments) < 2:
        return Chance(float("nan"), float("nan"), float("nan"))
    total = counts.sum()
    of_store, of_segment = counts.sum(axis=(0, 2)) / total, counts.sum(axis=(0, 1)) / total
    spread = counts.sum(axis=1) - counts.sum(axis=(1, 2))[:, None] * of_segment
    spread *= np.sqrt(blocks / (blocks - 1) / (of_segment * total))
    effect = np.maximum((spread**2).sum(axis=0) / (1 - of_segment), 1e-9)
    expected = total * np.outer(of_store, of_segment) / effect
    excess = np.outer(1 - of_store, 1 - of_segment) * effect * _excess(expected)
    freedom = _freedom(spread, blocks - 1, segments)
    mean = float(excess.sum() / (total * _LN2))
    return Chance(mean, (stores - 1) * freedom, (blocks - 1) * freedom)


def _occupied(counts: Floats) -> Floats:
    """Without groups, stores and segments that have nothing."""
    for axis, others in ((0, (1, 2)), (1, (0, 2)), (2, (0, 1))):
        counts = counts.compress(counts.sum(axis=others) > 0, axis=axis)
    return counts


def _freedom(spread: Floats, blocks: int, segments: int) -> float:
    """How many independent directions the mixes of buyers vary in: 1 to segments - 1."""
    trace = float((spread**2).sum())
    squares = float(((spread @ spread.T) ** 2).sum())
    # Of a few groups the squares are too large by chance: Wishart's moments.
    true = blocks**2 / ((blocks - 1) * (blocks + 2)) * (squares - trace**2 / blocks)
    return float(np.clip(trace**2 / max(true, 1e-300), 1.0, segments - 1))


def _excess(means: Floats) -> Floats:
    """E[x ln x] - m ln m of Poisson counts with mean m: one half where m is large."""
    from scipy.special import gammaln  # noqa: PLC0415  (slow to import)

    found = 0.5 + 1 / (12 * np.maximum(means, _SERIES))
    small = means < _SERIES
    few = means[small][:, None]
    counts = np.arange(1.0, 91.0)
    chance = np.exp(counts * np.log(np.maximum(few, 1e-300)) - few - gammaln(counts + 1))
    itself = few[:, 0] * np.log(np.maximum(few[:, 0], 1e-300))
    found[small] = (chance * counts * np.log(counts)).sum(axis=1) - itself
    return found


def diversion_index(groups: npt.ArrayLike) -> Diversion:
    """Return how far needs are divided among stores: 0 not at all, 1 entirely.

    To a shop owner: do the stores draw different needs, or the same ones under several names?

    Shapes: (groups, stores, segments). Units: a share.

    Args:
        groups: Orders by group of buyers, store and segment; a buyer is in one group.

    Returns:
        (information - null) / (the most there could be - null), where the null is what chance gives
        to stores of these sizes: 0 on average for stores that serve the same needs, however few
        their orders are. The interval deletes one group of buyers after the other; near zero it
        inverts the distribution under chance. nan with fewer than two stores, segments or groups.

    Raises:
        ValueError: A count below zero.

    Source: normalised mutual information with the correction for chance of Vinh, Epps and Bailey
        (2010); noncentral interval as in Smithson (2003).

    >>> apart = np.tile([[[4.0, 0.0], [0.0, 2.0]]], (40, 1, 1))
    >>> diversion_index(apart).index
    1.0
    """
    counts = _occupied(non_negative(groups, name="groups"))
    null = by_chance(counts)
    if np.isnan(null.mean):
        return Diversion(*[float("nan")] * 5)
    whole = counts.sum(axis=0)
    seen, most = float(mutual_information(whole)), float(_most(whole))
    room = most - null.mean
    if room <= 0:
        return Diversion(*[float("nan")] * 5)
    index = (seen - null.mean) / room
    below, above = _ends(counts, null, seen, room)
    p_value = _tail(seen / null.mean, null)
    hi = min(max(index + above, index), 1.0)
    return Diversion(index, min(index - below, index), hi, null.mean / most, p_value)


def _tail(ratio: float, null: Chance) -> float:
    from scipy.special import fdtrc  # noqa: PLC0415  (slow to import)

    return max(float(fdtrc(null.freedom, null.error_freedom, ratio)), SMALLEST)


def _ends(counts: Floats, null: Chance, seen: float, room: float) -> tuple[float, float]:
    """How far the interval reaches below and above the index."""
    from scipy.special import chdtr, chndtrinc  # noqa: PLC0415  (slow to import)

    freedom, unit = null.freedom, null.mean / null.freedom / room
    scaled = seen / null.mean * freedom
    beyond = max(scaled - freedom, 0.0)
    own = 2 * freedom * unit**2
    # At zero the jackknife sees what chance adds twice.
    variance = max(_jackknife_variance(counts, null.mean) - own, own)
    reach = float(t_quantile(len(counts) - 1))
    if scaled > _FAR:
        return reach * variance**0.5, reach * variance**0.5
    wider = (variance / (own + 4 * beyond * unit**2)) ** 0.5 * reach / _NORMAL
    index = (scaled - freedom) * unit
    # An index at or below zero says no more of the upper end than one of zero does.
    highest = float(chndtrinc(max(scaled, freedom), freedom, _TAIL))
    above = max(index, 0.0) - index + (highest - beyond) * unit * wider
    if chdtr(freedom, scaled) <= 1 - _TAIL:
        return max(index, max(index, 0.0) * wider), above
    lowest = float(chndtrinc(scaled, freedom, 1 - _TAIL))
    return (beyond - lowest) * unit * wider, above


def _jackknife_variance(counts: Floats, null: float) -> float:
    rest = leave_one_out(counts)
    chance = null * counts.sum() / rest.sum(axis=(1, 2))
    draws = (mutual_information(rest) - chance) / (_most(rest) - chance)
    used = draws[np.isfinite(draws)]
    return float((len(used) - 1) / len(used) * ((used - used.mean()) ** 2).sum())
