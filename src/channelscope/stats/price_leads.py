"""Who moves prices first: one store's changes followed by another's, against shifted calendars."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from numpy.lib.stride_tricks import sliding_window_view

from channelscope.stats.arrays import Bools, Floats, Ints
from channelscope.stats.tails import drawn_p

Counts = npt.NDArray[np.int32]
WITHIN = 7
"""A change is followed when the other store makes it at most so many days later."""
BLOCK_DAYS = 2 * WITHIN
"""Blocks of time so long that most changes and what follows them lie in one."""
FEWEST_VISITS = 13
"""A calendar that was looked at on fewer days has too few shifts to be a yardstick."""


@dataclass(frozen=True, slots=True)
class Changes:
    """Price changes of one store; what is moved which way is one number, its item.

    Shapes: three of (changes,). Units: `day`, on which the new price was first seen, and `before`,
    on which the old one was last seen, in days of any calendar.
    """

    item: Ints
    day: Ints
    before: Ints

    def only(self, kept: Bools) -> Changes:
        """Some of the changes."""
        return Changes(self.item[kept], self.day[kept], self.before[kept])


@dataclass(frozen=True, slots=True)
class Followed:
    """How a store's changes are followed by another's.

    Shapes: three of (changes of the leader,): `could`, the follower was looked at in time to tell;
    `together`, it made the change at the same time, as far as visits tell; `did`, it made it
    later. `draws` (shifts,): as many as `did`, with shifted calendars.
    """

    could: Bools
    together: Bools
    did: Bools
    draws: Floats


def follow(
    leader: Changes, follower: Changes, visits: npt.ArrayLike, *, within: int = WITHIN
) -> Followed:
    """Return which changes of one store another makes after it, and how many by chance.

    To a shop owner: when this store lowers a price, does that one lower the same price within a
    week? And how often would it seem to, had its whole year of price changes, campaigns and all,
    begun some weeks earlier or later?

    Shapes: changes of both stores and (visits,) to `Followed`. Units: days in, counts out.

    Args:
        leader: Whose changes may be followed.
        follower: Who may follow. It follows where the old price was still seen on the day of the
            leader's change or after it, and the new one at most `within` days after that day.
            Changes that either may have made first are left out on both sides: what both do on
            the days of one campaign tells nothing of leading.
        visits: The days on which the follower was looked at; its changes fall on them.
        within: Days after the leader's change.

    Returns:
        What could be and was followed, and the number followed with the follower's calendar moved
        around the circle of its visits by every number of them that is no fewer than the visits in
        `within` days: a smaller move would leave what follows there.

    Raises:
        ValueError: A change of the follower on a day that is no visit, or before it was made.

    Source: circular shift of one event train against the other, which keeps the rhythm of both
        (Lancaster et al. 2018, "Surrogate data for hypothesis testing of physical systems").

    >>> moves = Changes(np.array([1, 2]), np.array([7, 21]), np.array([0, 14]))
    >>> copies = Changes(np.array([1, 2]), np.array([14, 28]), np.array([7, 21]))
    >>> found = follow(moves, copies, [0, 7, 14, 21, 28])
    >>> found.did, found.draws
    (array([ True,  True]), array([0., 0., 0., 0.]))
    """
    days = np.unique(np.asarray(visits, dtype=np.int64))
    _check(follower, days)
    first = np.searchsorted(days, leader.day, side="left")
    last = np.searchsorted(days, leader.day + within, side="right") - 1
    could, together = last > first, _overlaps(leader, follower)
    reach = int((last - first)[could].max(initial=1))
    shifts = np.arange(reach, len(days) - reach + 1)
    did, draws = np.zeros(len(could), dtype=bool), np.zeros(len(shifts))
    theirs = follower.only(~_overlaps(follower, leader))
    at = np.flatnonzero(could & ~together & np.isin(leader.item, theirs.item))
    if len(at):
        items, row = np.unique(leader.item[at], return_inverse=True)
        counts = _counts(theirs, items, days)
        places = row, first[at], last[at]
        did[at] = _hits(counts, places, np.zeros(1, dtype=np.intp))[:, 0]
        draws = _hits(counts, places, shifts).sum(axis=0).astype(np.float64)[::-1].copy()
    return Followed(could, together, did, draws)


def _check(changes: Changes, days: Ints) -> None:
    if not np.isin(changes.day, days).all() or np.any(changes.before >= changes.day):
        raise ValueError("follower: expected changes on days of visits, after the old price's")


def _overlaps(changes: Changes, others: Changes) -> Bools:
    """Changes that others of the same item may have been made with: neither was seen first."""
    ends = [part for each in (changes, others) for part in (each.day, each.before)]
    start = min((part.min(initial=0) for part in ends), default=0)
    span = max((part.max(initial=0) for part in ends), default=0) - start + 1

    def key(item: Ints, day: Ints) -> Ints:
        return np.asarray(item * span + day - start)

    begun = np.searchsorted(np.sort(key(others.item, others.before)),
                            key(changes.item, changes.day), side="left")  # fmt: skip
    over = np.searchsorted(np.sort(key(others.item, others.day)),
                           key(changes.item, changes.before), side="right")  # fmt: skip
    return np.asarray(begun > over)


def _counts(changes: Changes, items: Ints, days: Ints) -> tuple[Counts, Counts]:
    """Changes by the visit that saw them, and by the one after the last that did not."""
    mine = changes.only(np.isin(changes.item, items))
    made = np.searchsorted(days, mine.day)
    after = np.searchsorted(days, mine.before, side="right")
    row = np.searchsorted(items, mine.item)
    return _counted(row, made, len(items), len(days)), _counted(row, after, len(items), len(days))


def _counted(row: Ints, places: Ints, items: int, size: int) -> Counts:
    """Changes of each item up to a place, on the unrolled circle. Shape: (items, 2 size + 1).

    Column x + size counts the places up to x, from -size on, less those before the circle began.
    """
    found = np.zeros((items, size), dtype=np.int32)
    np.add.at(found, (row, places), 1)
    sums = np.cumsum(found, axis=1, dtype=np.int32)
    total = sums[:, -1:]
    return np.concatenate([sums - total, sums, total + found[:, :1]], axis=1)


def _hits(
    counts: tuple[Counts, Counts], places: tuple[Ints, Ints, Ints], shifts: npt.NDArray[np.intp]
) -> Bools:
    """Which changes are followed under each shift. Shape: (changes, shifts), the largest first.

    A follower's change was made after the old price was seen at a place s and up to a place m: it
    follows where s >= first and m <= last, and may be no follower where s < first <= m. Changes of
    one item come one after the other, so both are differences of counts. `shifts` are consecutive:
    what they need of a row lies side by side.
    """
    if not len(shifts):
        return np.zeros((len(places[0]), 0), dtype=bool)
    row, first, last = places
    begin = counts[0].shape[1] // 2 - shifts[-1]
    made, seen = (sliding_window_view(part, len(shifts), axis=1) for part in counts)
    before = seen[row, first + begin]
    after: Bools = made[row, last + begin] > before
    sure: Bools = before <= made[row, first + begin - 1]
    return np.asarray(after & sure)


def first_mover_p(
    forth: npt.ArrayLike, back: npt.ArrayLike, draws: npt.ArrayLike, signs: npt.ArrayLike
) -> float:
    """Return how surprising it is that one store leads another, and is not led as often.

    To a shop owner: two stores that join the same campaigns, each a few days early or late as it
    comes, follow one another all the time. A leader is followed more than shifted calendars
    explain, and more than it follows.

    Shapes: two of (blocks,), (shifts,) and (draws, blocks) to one number. Units: a probability.

    Args:
        forth: Changes of the first store that the second follows, by block of time.
        back: Changes of the second that the first follows, in the same blocks.
        draws: Changes that would be followed with shifted calendars, as `follow` gives them.
        signs: 1 and -1 at random: in each block of time the two stores change their places.

    Returns:
        The larger of two p-values: of the number followed against shifted calendars, and of its
        excess over the other direction against swapped places. Both have to be small.

    Raises:
        ValueError: Fewer than three shifts or draws, or shapes that do not agree.

    Source: Berger (1982), intersection-union test; Phipson and Smyth (2010).

    >>> swaps = np.random.default_rng(1).choice([-1.0, 1.0], size=(999, 12))
    >>> first_mover_p(np.full(12, 5), np.zeros(12), [3.0, 4.0, 5.0] * 9, swaps) < 0.001
    True
    >>> first_mover_p(np.full(12, 5), np.full(12, 5), [3.0, 4.0, 5.0] * 9, swaps)
    1.0
    """
    ahead, behind = np.asarray(forth, np.float64), np.asarray(back, np.float64)
    swaps = np.asarray(signs, np.float64)
    if ahead.shape != behind.shape or swaps.ndim != 2 or swaps.shape[1:] != ahead.shape:
        raise ValueError("signs: expected (draws, blocks) beside two of (blocks,)")
    excess = ahead - behind
    by_chance = drawn_p(float(ahead.sum()), draws)
    return max(by_chance, drawn_p(float(excess.sum()), swaps @ excess))
