"""What lower prices come to: the break-even lift, what was earned, and the elasticity."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from channelscope.dimensions._lift_cells import Cells
from channelscope.estimates import Floats, quotient
from channelscope.mechanisms import MECHANISMS, Funder
from channelscope.stats.arrays import Bools
from channelscope.stats.count_effects import CountEffects
from channelscope.stats.intervals import t_quantile
from channelscope.stats.resampling import leave_one_out
from channelscope.stats.tails import t_p

MOST_OF_A_WEEK = 0.5
"""A price under a mechanism is that of weeks that are promoted for at least this share of days."""
ENOUGH_COSTED = 0.8
"""Least part of the promoted pieces whose unit cost and usual price are known."""
LOWER = np.log(0.99)
"""Prices that are not lower by one percent tell nothing of what lower prices do."""
_OWN_MONEY = {entry.code for entry in MECHANISMS if entry.funder is Funder.MERCHANT}


@dataclass(frozen=True, slots=True)
class Told:
    """A number beside the lift, moving with it; nan = not known."""

    value: float = np.nan
    lo: float = np.nan
    hi: float = np.nan
    p_value: float = np.nan


NOT_TOLD = Told()


@dataclass(frozen=True, slots=True)
class Margin:
    """The lift that earns as much as usual, the log ratio of what was earned, and the money."""

    break_even: float = np.nan
    earned: Told = NOT_TOLD
    amount: float = np.nan
    reason: str | None = None


NO_MARGIN = Margin()


@dataclass(frozen=True, slots=True)
class _Prices:
    """Of each product: pieces sold under a mechanism, for what each, and for what usually.

    Shapes: (products,); nan = it was not sold in both ways.
    """

    units: Floats
    promoted: Floats
    usual: Floats


def margin(cells: Cells, effects: CountEffects, at: int) -> Margin:
    """Margin over unit cost under the mechanism `at`, against that of the same products' weeks."""
    under = _under(cells, at)
    if cells.mechanisms[at] not in _OWN_MONEY and not cells.platform_known[under].all():
        return Margin(reason="reason.platform_amount_unknown")
    prices = _prices(cells, cells.paid + cells.platform, at)
    usual = prices.units * (prices.usual - cells.unit_cost)
    promoted = prices.units * (prices.promoted - cells.unit_cost)
    known = np.isfinite(usual) & np.isfinite(promoted)
    usual, promoted = (np.where(known, part, 0.0) for part in (usual, promoted))
    reason = _unearned(prices.units[known].sum() / cells.units[under].sum(), usual, promoted)
    if reason:
        return Margin(reason=reason)
    with np.errstate(invalid="ignore", divide="ignore"):
        moved = np.log(quotient(leave_one_out(promoted), leave_one_out(usual)))
    ratio = promoted.sum() / usual.sum()
    told = _told(effects, at, effects.effect[at] + np.log(ratio), effects.replicates[:, at] + moved)
    return Margin(float(1 / ratio), told, float(promoted.sum()))


def elasticity(cells: Cells, effects: CountEffects, at: int) -> Told:
    """Percent more pieces per percent of price, between promoted weeks and the others.

    By what promotions do to prices, for a price per piece also falls when baskets are large.
    """
    prices = _prices(cells, cells.paid, at)
    with np.errstate(invalid="ignore", divide="ignore"):
        change = np.log(quotient(prices.promoted, prices.usual))
    known = np.isfinite(change)
    units = np.where(known, prices.units, 0.0)
    change = np.where(known, change, 0.0) * units
    mean = float(quotient(change.sum(), units.sum()))
    if not mean < LOWER:
        return NOT_TOLD
    others = quotient(leave_one_out(change), leave_one_out(units))
    return _told(effects, at, effects.effect[at] / mean, effects.replicates[:, at] / others)


def _unearned(costed: float, usual: Floats, promoted: Floats) -> str | None:
    if not costed >= ENOUGH_COSTED:
        return "reason.unit_cost_unknown"
    if usual.sum() <= 0:
        return "reason.no_usual_margin"
    return "reason.below_unit_cost" if promoted.sum() <= 0 else None


def _under(cells: Cells, at: int) -> Bools:
    return np.asarray(cells.used & (cells.units > 0) & (cells.promoted[at] >= MOST_OF_A_WEEK))


def _prices(cells: Cells, money: Floats, at: int) -> _Prices:
    """Usual prices are those of the same product's weeks without the mechanism."""
    under, without = _under(cells, at), cells.used & (cells.promoted[at] == 0)
    units = _sum(cells.units, under)
    return _Prices(
        units,
        quotient(_sum(money, under), units),
        quotient(_sum(money, without), _sum(cells.units, without)),
    )


def _sum(values: Floats, where: Bools) -> Floats:
    return np.asarray(np.where(where, values, 0.0).sum(axis=1))


def _told(effects: CountEffects, at: int, value: float, replicates: Floats) -> Told:
    """The lift and the rest move together: both without one product after the other."""
    moved = replicates[np.isfinite(effects.replicates[:, at])]
    count, freedom = len(moved), effects.freedom[at]
    error = float(np.sqrt((count - 1) / count * ((moved - moved.mean()) ** 2).sum()))
    reach = float(t_quantile(freedom)) * error
    return Told(float(value), value - reach, value + reach, float(t_p(value, error, freedom)))
