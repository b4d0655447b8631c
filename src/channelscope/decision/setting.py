"""A candidate beside the evidence: its offers, its place, its positions, and every input."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import product

import numpy as np
import polars as pl

from channelscope.candidate import Candidate, Goods, Rule
from channelscope.config import PolicySection
from channelscope.decision.evidence import Evidence
from channelscope.decision.goods import Offer, offer
from channelscope.decision.nearest import Nearest, Told, nearest, told
from channelscope.decision.openings import PastOpening, past_openings
from channelscope.decision.promotions import Discount, discount, nothing
from channelscope.errors import ConfigError, DataError
from channelscope.estimates import Floats

PLANNED = "planned"
DAY = 1


@dataclass(frozen=True, slots=True)
class Policy:
    """When to open, to try, to leave it; `horizon` in months."""

    horizon: int
    open_probability: float
    pilot_probability: float


@dataclass(frozen=True, slots=True)
class Position:
    """One combination of what is still free. `level` None: the candidate's own."""

    name: str
    offer: Offer
    level: float | None
    discount: Discount
    is_planned: bool


@dataclass(frozen=True)
class Setting:
    """All that is fixed about a candidate before a future is drawn.

    `level`: likely everyday price level; `usual`: realised level of its nearest stores; `sales`:
    monthly sales told from them by offer, None where they cannot tell; `opening`: the past opening
    that its losses are learnt from, and that store's own goods.
    """

    candidate: Candidate
    evidence: Evidence
    policy: Policy
    near: Nearest
    level: float
    usual: float
    positions: tuple[Position, ...]
    sales: Mapping[str, Told | None]
    cost: Mapping[str, Told | None]
    opening: tuple[PastOpening, Offer] | None
    season: Floats

    @property
    def plan(self) -> Position:
        """The position that the candidate plans."""
        return next(position for position in self.positions if position.is_planned)


def setting(candidate: Candidate, evidence: Evidence, policy: PolicySection) -> Setting:
    """The candidate as the brand's data see it."""
    planned = offer(PLANNED, candidate.goods, evidence)
    level = price_level(candidate, planned, evidence)
    rules = _policy(candidate, policy)
    first = nearest(candidate, evidence, planned, level, nothing(PLANNED))
    plans = dict(_plans(candidate, evidence, first, planned, level=level, months=rules.horizon))
    near = nearest(candidate, evidence, planned, level, plans[PLANNED])
    usual = _usual(evidence, near, level)
    offers = {PLANNED: planned} | {
        name: offer(name, goods, evidence) for name, goods in candidate.free.goods.items()
    }
    return Setting(
        candidate=candidate, evidence=evidence, policy=rules, near=near, level=level, usual=usual,
        positions=tuple(_positions(candidate, offers, plans)),
        sales={
            name: told(each.sales, near, evidence, candidate.platform)
            for name, each in offers.items()
        },
        cost={
            name: told(each.cost * evidence.levels / usual, near, evidence, candidate.platform)
            for name, each in offers.items()
        },
        opening=_opening(evidence, near, candidate.platform),
        season=_season(candidate.opens_on, rules.horizon, evidence),
    )  # fmt: skip


def _policy(candidate: Candidate, policy: PolicySection) -> Policy:
    own = candidate.policy
    opened = policy.open_probability if own.open_probability is None else own.open_probability
    pilot = policy.pilot_probability if own.pilot_probability is None else own.pilot_probability
    if pilot > opened:
        raise ConfigError(
            f"a pilot asks for more than opening: {pilot:g} and {opened:g}",
            where=f"{candidate.store_id}: policy",
            expected="pilot_probability at most open_probability, also of channelscope.toml",
        )
    return Policy(candidate.horizon_months or policy.horizon_months, opened, pilot)


def price_level(candidate: Candidate, planned: Offer, evidence: Evidence) -> float:
    """The likely everyday level; of a price list, what it costs against the reference's prices."""
    if candidate.price.level is not None:
        return candidate.price.level.likely
    prices = _reference_prices(evidence)
    shared = [(price, prices[sku]) for sku, price in candidate.price.prices.items()
              if prices.get(sku)]  # fmt: skip
    if not shared:
        raise DataError(
            "no product of the price list was sold in the period",
            where=f"{candidate.store_id}: price.prices",
            expected="prices of products that a store sells, or price.level",
        )
    own, others = (sum(part) for part in zip(*shared, strict=True))
    return float(100 * own / others)


def _reference_prices(evidence: Evidence) -> dict[str, float]:
    """Realised price of a piece at the reference's level, over all stores that sold it."""
    levels = pl.DataFrame({"store_id": evidence.ids, "level": evidence.levels})
    sold = evidence.goods.join(levels, on="store_id").filter(pl.col("level").is_not_nan())
    return dict(
        sold.group_by("sku")
        .agg(
            (pl.col("paid_amount") * 100 / pl.col("level")).sum() / pl.col("units").sum()
        )
        .sort("sku")
        .iter_rows()
    )  # fmt: skip


def _usual(evidence: Evidence, near: Nearest, level: float) -> float:
    """Realised price level of the nearest stores; the candidate's own where none is known."""
    known = np.isfinite(evidence.levels)
    if not known.any():
        return level
    weight = near.weight[known]
    return float(np.exp((np.log(evidence.levels[known]) * weight).sum() / weight.sum()))


def _plans(
    candidate: Candidate, evidence: Evidence, near: Nearest, planned: Offer, *, level: float,
    months: int,
) -> Iterator[tuple[str, Discount]]:  # fmt: skip
    """Every promotion plan with what it takes off."""
    every: Mapping[str, tuple[Rule, ...]] = {
        PLANNED: candidate.promotions, **candidate.free.promotions
    }  # fmt: skip
    for name, rules in every.items():
        found = discount(
            name, rules, evidence, weights=near.weight, skus=planned.skus, level=level,
            opens_on=candidate.opens_on, months=months,
        )  # fmt: skip
        if found is None:
            raise DataError(
                "no order with these goods is known, so what promotions take off cannot be told",
                where=f"{candidate.store_id}: promotions",
                expected="orders with whole cents of a store that runs promotions",
                advice="leave promotions empty and put their effect into price.level",
            )
        yield name, found


def _positions(
    candidate: Candidate, offers: Mapping[str, Offer], plans: Mapping[str, Discount]
) -> Iterator[Position]:
    levels: tuple[float | None, ...] = (None, *candidate.free.price_levels)
    for goods, level, plan in product(offers, levels, plans):
        is_planned = goods == PLANNED and level is None and plan == PLANNED
        name = "/".join((goods, PLANNED if level is None else f"{level:g}", plan))
        yield Position(name, offers[goods], level, plans[plan], is_planned)


def _opening(evidence: Evidence, near: Nearest, platform: str) -> tuple[PastOpening, Offer] | None:
    """The identified opening of the store that the candidate is most like, on its platform.

    Elsewhere other buyers shop: what a store took there says little of what one takes here.
    """
    past = [one for one in past_openings(evidence) if one.store.platform == platform]
    if not past:
        return None
    chosen = max(past, key=lambda one: near.weight[evidence.ids.index(one.store.store_id)])
    skus = evidence.goods.filter(store_id=chosen.store.store_id)["sku"]
    return chosen, offer(chosen.store.store_id, Goods(skus=tuple(sorted(skus))), evidence)


def _season(opens_on: date, horizon: int, evidence: Evidence) -> Floats:
    """Season of each month from the opening on; a month that begins late blends two. (months,)."""
    late = (opens_on.day - DAY) / 30
    found = []
    for month in range(horizon):
        at = (opens_on.month - 1 + month) % 12
        this, following = (evidence.season.get(m % 12 + 1, 1.0) for m in (at, at + 1))
        found.append((1 - late) * this + late * following)
    return np.array(found)
