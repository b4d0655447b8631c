"""How unlike two assortments or mixes are, and how concentrated one is."""

from __future__ import annotations

from typing import Literal

import numpy as np
import numpy.typing as npt

from channelscope.stats.arrays import Floats, to_shares


def jensen_shannon(p: npt.ArrayLike, q: npt.ArrayLike) -> Floats:
    """Return the Jensen-Shannon divergence of two mixes, base 2.

    To a shop owner: 0 when two stores sell the same goods in the same proportions, 1 when they
    share nothing.

    Shapes: two that broadcast to (..., items), to (...). Units: bits, 0 to 1 (this is the square
    of the Jensen-Shannon distance).

    Args:
        p: Weights (sales, units) of the first store, zero or more; divided by their sum inside.
        q: Weights of the second.

    Returns:
        The divergence; nan where a store's weights are all zero or one is not known.

    Raises:
        ValueError: A weight below zero, no item, or shapes that do not broadcast.

    Source: Lin (1991); Endres and Schindelin (2003).

    >>> jensen_shannon([[1, 0], [1, 3]], [[0, 1], [1, 3]])
    array([1., 0.])
    """
    from scipy.special import rel_entr  # noqa: PLC0415  (slow to import)

    first, second = to_shares(p, name="p"), to_shares(q, name="q")
    both = first + second
    nats = (rel_entr(2 * first, both) + rel_entr(2 * second, both)).sum(axis=-1)
    return np.asarray(np.clip(nats / (4 * np.log(2)), 0.0, 1.0))


def shared_share(p: npt.ArrayLike, q: npt.ArrayLike) -> Floats:
    """Return the sales two stores share: the sum of the smaller of their shares per item.

    To a shop owner: the part of the business the two stores do with the same goods; 1 = twins,
    0 = nothing in common.

    Shapes: two that broadcast to (..., items), to (...). Units: a share, 0 to 1.

    Args:
        p: Weights (sales) of the first store, zero or more; divided by their sum inside.
        q: Weights of the second.

    Returns:
        The shared part; nan where a store's weights are all zero or one is not known.

    Raises:
        ValueError: A weight below zero, no item, or shapes that do not broadcast.

    Source: Schoener (1968); one minus the Bray-Curtis dissimilarity of the shares.

    >>> shared_share([1, 1, 0], [0, 1, 1])
    array(0.5)
    """
    shared = np.minimum(to_shares(p, name="p"), to_shares(q, name="q")).sum(axis=-1)
    return np.asarray(np.clip(shared, 0.0, 1.0))


def jaccard(sets_a: npt.ArrayLike, sets_b: npt.ArrayLike) -> Floats:
    """Return the Jaccard similarity of two assortments: items in both over items in either.

    To a shop owner: of all goods the two stores carry, the part that both carry.

    Shapes: two that broadcast to (..., items), to (...). Units: a share, 0 to 1.

    Args:
        sets_a: True where the first store carries the item.
        sets_b: True where the second does.

    Returns:
        The similarity; nan where neither carries anything.

    Raises:
        ValueError: Not booleans, or shapes that do not broadcast.

    Source: Jaccard (1912).

    >>> jaccard([True, True, False], [False, True, False])
    array(0.5)
    """
    first, second = np.asarray(sets_a), np.asarray(sets_b)
    if first.dtype != np.bool_ or second.dtype != np.bool_:
        raise ValueError("sets: expected booleans, true where the item is carried")
    both, either = (first & second).sum(axis=-1), (first | second).sum(axis=-1)
    with np.errstate(invalid="ignore"):
        return np.asarray(both / either)


def hill(shares: npt.ArrayLike, *, order: Literal[0, 1, 2]) -> Floats:
    """Return the Hill number: how many equally large items would be as diverse.

    To a shop owner: on how many goods the business really stands: 0 counts all that sell, 1 weighs
    them by sales, 2 hardly sees the small ones.

    Shapes: (..., items) to (...). Units: items.

    Args:
        shares: Weights (sales), zero or more; divided by their sum inside.
        order: 0, 1 (exponential of entropy) or 2 (inverse of the Herfindahl index).

    Returns:
        The effective number, from 1 to the number of items; nan where all weights are zero.

    Raises:
        ValueError: Another order, a weight below zero, or no item.

    Source: Hill (1973).

    >>> [round(float(hill([8, 1, 1], order=order)), 4) for order in (0, 1, 2)]
    [3.0, 1.8946, 1.5152]
    """
    weights = to_shares(shares, name="shares")
    if order == 0:
        return np.where(np.isnan(weights).any(axis=-1), np.nan, (weights > 0).sum(axis=-1))
    if order == 1:
        logs = np.log(np.where(weights > 0, weights, 1.0))
        return np.asarray(np.exp(-(weights * logs).sum(axis=-1)))
    if order == 2:
        return np.asarray(1 / (weights**2).sum(axis=-1))
    raise ValueError(f"order: expected 0, 1 or 2, got {order}")


def top_share(shares: npt.ArrayLike, *, k: int) -> Floats:
    """Return the share of the k largest items.

    To a shop owner: how much of the business the k best sellers carry.

    Shapes: (..., items) to (...). Units: a share, 0 to 1.

    Args:
        shares: Weights (sales), zero or more; divided by their sum inside.
        k: How many items; more than there are means all.

    Returns:
        The share; nan where all weights are zero or one is not known.

    Raises:
        ValueError: k below 1, a weight below zero, or no item.

    Source: the concentration ratio CR(k).

    >>> top_share([5, 1, 3, 1], k=2)
    array(0.8)
    """
    if k < 1:
        raise ValueError(f"k: expected 1 or more, got {k}")
    ranked = np.sort(to_shares(shares, name="shares"), axis=-1)
    return np.asarray(np.minimum(ranked[..., -k:].sum(axis=-1), 1.0))
