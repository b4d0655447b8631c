"""What a position adds in every future: sales, margin, own losses, contribution."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from channelscope.decision.futures import Futures
from channelscope.decision.losses import OwnLosses
from channelscope.decision.overlap import Overlap
from channelscope.decision.setting import PLANNED, Position, Setting
from channelscope.estimates import Floats

MONTHS_A_YEAR = 12


@dataclass(frozen=True)
class Outcome:
    """One position in all futures. Shapes: (draws,) unless said otherwise; money in the currency.

    `monthly`: paid in a grown-up month of usual season. `margin`: what a unit paid leaves before
    fixed costs. `shares`: what each store loses of a unit paid (draws, S). `lost`: margin of that.
    `fixed`: a month. `refunds`: annual fees given back by year (draws, years). `net`: part of what
    is paid that counts as sales.
    """

    monthly: Floats
    margin: Floats
    shares: Floats
    losing: Floats
    overlap: Overlap
    fixed: Floats
    set_up: Floats
    refunds: Floats
    net: Floats
    months: Floats
    horizon: int

    @property
    def lost(self) -> Floats:
        """Margin lost in own stores per unit paid."""
        # Nothing is lost where no share is, whatever its margin.
        return np.asarray(np.where(self.shares == 0, 0.0, self.shares * self.losing).sum(axis=1))

    @property
    def paid(self) -> Floats:
        """Paid over the horizon."""
        return np.asarray(self.monthly * self.months)

    @property
    def diverted(self) -> Floats:
        """Part of its sales that own stores would have had."""
        return np.asarray(self.shares.sum(axis=1))

    @property
    def contribution(self) -> Floats:
        """Over the horizon, set-up taken off."""
        left = self.paid * (self.margin - self.lost)
        return np.asarray(left - self.fixed * self.horizon + self.refunds.sum(axis=1) - self.set_up)

    @property
    def before_losses(self) -> Floats:
        """The same, were nothing taken from other stores."""
        return np.asarray(self.contribution + self.paid * self.lost)

    def by_month(self, grown: Floats) -> tuple[Floats, Floats]:
        """Paid, and contribution without the set-up, of each month. Shapes: (draws, months)."""
        paid = self.monthly[:, None] * grown
        left = paid * (self.margin - self.lost)[:, None] - self.fixed[:, None]
        for year in range(self.refunds.shape[1]):
            left[:, (year + 1) * MONTHS_A_YEAR - 1] += self.refunds[:, year]
        return paid, left


def outcome(setting: Setting, futures: Futures, position: Position) -> Outcome:
    """The position in every future."""
    return next(one for _, one in outcomes(setting, futures, [position]))


def outcomes(
    setting: Setting, futures: Futures, positions: Iterable[Position]
) -> Iterator[tuple[Position, Outcome]]:
    """Positions in the same futures, one after the other."""
    losses = OwnLosses(setting, futures)
    for position in positions:
        yield position, _outcome(setting, futures, position, losses)


def _outcome(setting: Setting, futures: Futures, position: Position, losses: OwnLosses) -> Outcome:
    realised, taken = _realised(futures, position)
    monthly = _monthly(setting, futures, position, realised)
    shares, parts = losses.shares(position, realised)
    losing = np.stack([futures[f"losing_margin:{store}"] for store in setting.evidence.ids], axis=1)
    return Outcome(
        monthly=monthly,
        margin=_margin(setting, futures, position, realised, taken),
        shares=shares,
        losing=losing,
        overlap=parts,
        fixed=_fixed(futures),
        set_up=futures["set_up"],
        refunds=_refunds(setting, futures, monthly),
        net=_net(setting, futures),
        months=futures.months,
        horizon=len(futures.season),
    )


def _realised(futures: Futures, position: Position) -> tuple[Floats, Floats]:
    """Price level after promotions, and the part of everyday prices taken off."""
    level = futures["price_level"]
    if position.level is not None:
        level = np.full(futures.draws, position.level)
    low, high = position.discount.low, position.discount.high
    taken = np.full(futures.draws, low)
    if low < high:
        taken = low + (high - low) * futures["eligible_share"]
    return np.asarray(level * (1 - taken)), taken


def _monthly(setting: Setting, futures: Futures, position: Position, realised: Floats) -> Floats:
    """Demand at the price it was told at, moved along the elasticity to the position's price."""
    demand = setting.candidate.demand
    at = setting.level * (1 - setting.plan.discount.likely)
    here, planned = setting.sales[position.offer.name], setting.sales[PLANNED]
    if demand.visitors.word is not None:
        assert here is not None and planned is not None
        luck = np.log(futures["monthly_sales"] / planned.value) / (planned.error or 1.0)
        base, at = here.value * np.exp(here.error * luck), setting.usual
    else:
        base = futures["visitors"] * futures["conversion"] * futures["order_value"]
        if here is not None and planned is not None:
            base = base * here.value / planned.value
    return np.asarray(base * (realised / at) ** (1 + futures["price_elasticity"]))


def _net(setting: Setting, futures: Futures) -> Floats:
    if setting.evidence.scope.basis.net_of_refunds:
        return 1 - np.minimum(futures["refund_share"], 1.0)
    return np.ones(futures.draws)


def _margin(
    setting: Setting, futures: Futures, position: Position, realised: Floats, taken: Floats
) -> Floats:
    """What a unit paid leaves: refunds, product cost, fees and fulfilment taken off."""
    cost = futures["product_cost"] * setting.usual / realised
    here, planned = setting.cost[position.offer.name], setting.cost[PLANNED]
    if here is not None and planned is not None:
        cost = cost * here.value / planned.value
    given_back = 1 - np.minimum(futures["refund_share"], 1.0)
    platform = (1 - position.discount.borne) * taken / (1 - taken)
    per_order = futures["fulfilment"] / (futures["order_value"] * realised / setting.usual)
    fees = futures["commission"] + futures["payment_fee"] + futures["affiliate"]
    return np.asarray(given_back + platform - cost - fees - per_order)


def _fixed(futures: Futures) -> Floats:
    """Costs of a month that do not depend on sales."""
    capital = (futures["deposit"] + futures["set_up"]) * futures["capital_cost"]
    monthly = futures["advertising"] + futures["staff"] + futures["content"]
    return np.asarray(monthly + (futures["annual_fee"] + capital) / MONTHS_A_YEAR)


def _refunds(setting: Setting, futures: Futures, monthly: Floats) -> Floats:
    """Annual fees given back for every whole year, by that year's sales. (draws, years)."""
    steps = sorted(setting.candidate.platform_fees.annual_fee_refund)
    sold = monthly[:, None] * futures.years
    share = np.zeros_like(sold)
    for least, part in steps:
        share = np.where(sold >= least, np.maximum(share, part), share)
    return np.asarray(futures["annual_fee"][:, None] * share)
