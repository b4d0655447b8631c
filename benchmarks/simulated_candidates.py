"""Brands with one held-out opening each: what the data would have shown before, and what came.

Nature knows nothing of the engine's formulas: stores differ by platform, kind and themselves;
buyers want one product, have a price gap of their own that they accept, and shop on other
platforms or not. What is uncertain to a director is drawn from the ranges that he declares.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import polars as pl

from benchmarks import simulated_cubes as cubes
from benchmarks.simulated_cubes import FEES, PER_ORDER, REFUND, Shop
from channelscope.candidate import Candidate
from channelscope.decision import Evidence
from channelscope.domain import Basis, Period, Scope, Store
from channelscope.result_tables import TABLES
from channelscope.stats.arrays import Floats
from channelscope.stats.ranges import drawn

PERIOD = Period(date(2025, 1, 1), date(2025, 12, 31))
CATEGORIES, SKUS = 6, 8
PLATFORMS, KINDS = ("tmall", "jd", "pdd"), ("flagship", "specialty", "multibrand", "distributor")
BUYERS = 1500
HORIZON = 12
RANGES: dict[str, tuple[float, float, float]] = {
    "price_elasticity": (-2.5, -1.5, -0.8), "start_share": (0.3, 0.5, 0.8),
    "ramp_up_months": (2.0, 4.0, 7.0), "at_full_overlap": (0.2, 0.5, 0.8),
    "other_platforms": (0.1, 0.3, 0.6), "split": (0.5, 1.0, 2.0), "carry_over": (0.8, 1.0, 1.25),
    "set_up": (20_000.0, 30_000.0, 50_000.0),
}  # fmt: skip
"""What the director declares, and what nature draws from."""


@dataclass(frozen=True, slots=True)
class Held:
    """What was known before the opening, the plan, and what came of it."""

    evidence: Evidence
    candidate: Candidate
    sales: float
    diverted: float
    contribution: float


def simulate(seed: int) -> Held:
    """One brand."""
    random = np.random.default_rng([seed, 20260930])
    nature = {name: float(drawn(*ends, random.random())) for name, ends in RANGES.items()}
    weight = random.dirichlet(np.full(CATEGORIES, 3.0))[:, None]
    weight = (weight * random.dirichlet(np.full(SKUS, 3.0), CATEGORIES)).ravel()
    shops = _shops(random)
    new, shops = shops[-1], shops[:-1]
    season = np.exp(random.normal(0, 0.2, 12))
    season /= season.mean()
    opened = len(shops) - 1 if random.random() < 0.5 else None
    sold = {at: _sold(shop, weight, season, nature, random, is_new=at == opened)
            for at, shop in enumerate(shops)}  # fmt: skip
    evidence = _evidence(shops, sold, opened, weight=weight, nature=nature, random=random)
    # The past opening is a guide and no law: nature carries it over as the director declares.
    moved = 1.0 if opened is None else float(drawn(*RANGES["carry_over"], random.random()))
    taken = min(nature["at_full_overlap"] * moved, 1.0)
    shares = _diverted(taken, new, shops, weight, nature, random=random)
    plan, fixed = _plan(new, shops, nature, random, has_opening=opened is not None)
    first = _monthly(new, weight, nature)
    ramp = _ramp(nature, HORIZON, random)
    paid = first * ramp * season * np.exp(random.normal(0, 0.1, HORIZON))
    margins = np.array([cubes.margin(shop.level) for shop in shops])
    left = paid.sum() * (cubes.margin(new.level) - float((shares * margins).sum()))
    return Held(
        evidence, plan, float(paid[:6].sum() * (1 - REFUND)), float(shares.sum()),
        float(left - HORIZON * fixed - nature["set_up"]),
    )  # fmt: skip


def _shops(random: np.random.Generator) -> list[Shop]:
    """The stores and, last, the one that is held out: of the same sort as the others."""
    count = int(random.integers(6, 11))
    by_platform = dict(zip(PLATFORMS, random.normal(0, 0.35, 3), strict=True))
    by_kind = dict(zip(KINDS, random.normal(0, 0.25, 4), strict=True))
    found = []
    for at in range(count):
        platform, kind = str(random.choice(PLATFORMS)), str(random.choice(KINDS))
        carries = np.repeat(random.random(CATEGORIES) < 0.75, SKUS)
        sells = carries & (random.random(CATEGORIES * SKUS) < 0.7)
        sells[random.integers(CATEGORIES * SKUS)] = True
        size = 2e5 * np.exp(by_platform[platform] + by_kind[kind] + random.normal(0, 0.35))
        store = Store(f"S{at}", f"Store {at}", kind, platform, members=(f"S{at}",))
        level = 100.0 if at == 0 else float(random.uniform(84, 100))
        found.append(Shop(store, float(size), level, sells,
                          float(drawn(*RANGES["split"], random.random()))))  # fmt: skip
    place = found[int(random.integers(count - 1))].store.platform
    last = found[-1]
    store = Store("NEW", "New store", last.store.kind, place, members=("NEW",))
    size = last.size * float(np.exp(by_platform[place] - by_platform[last.store.platform]))
    return [*found[:-1], Shop(store, size, last.level, last.sells, last.appeal)]


def _monthly(shop: Shop, weight: Floats, nature: dict[str, float]) -> float:
    """Paid in a grown-up month of usual season."""
    answer = (shop.level / 92) ** (1 + nature["price_elasticity"])
    return float(shop.size * weight[shop.sells].sum() * answer)


def _ramp(nature: dict[str, float], months: int, random: np.random.Generator) -> Floats:
    """One brand's stores grow alike, within a tenth."""
    start = min(nature["start_share"] * random.uniform(0.9, 1.1), 1.0)
    span = nature["ramp_up_months"] * random.uniform(0.9, 1.1)
    return np.asarray(start + (1 - start) * np.minimum(np.arange(months) / span, 1))


def _sold(
    shop: Shop, weight: Floats, season: Floats, nature: dict[str, float],
    random: np.random.Generator, *, is_new: bool,
) -> Floats:  # fmt: skip
    """Paid by month and product; a new store has none in its first four months of the year."""
    mix = np.where(shop.sells, weight, 0.0) / weight[shop.sells].sum()
    grown = np.ones(12)
    if is_new:
        grown = np.concatenate((np.zeros(4), _ramp(nature, 8, random)))
    months = _monthly(shop, weight, nature) * season * grown * np.exp(random.normal(0, 0.1, 12))
    noise = np.exp(random.normal(0, 0.15, (12, len(mix))))
    return np.asarray(months[:, None] * mix * noise)


def _diverted(
    at_full_overlap: float, new: Shop, shops: list[Shop], weight: Floats, nature: dict[str, float],
    *, random: np.random.Generator,
) -> Floats:  # fmt: skip
    """Part of the new store's sales that each store would have had, buyer by buyer."""
    mix = np.where(new.sells, weight, 0.0)
    wants = random.choice(len(mix), BUYERS, p=mix / mix.sum())
    accepts = 0.30 * random.random(BUYERS) ** 0.6
    faithful = random.random(BUYERS) < at_full_overlap
    reach = {name: random.random(BUYERS) < nature["other_platforms"] for name in PLATFORMS}
    reach[new.store.platform] = np.ones(BUYERS, dtype=bool)
    serves = np.stack([
        shop.sells[wants] & (abs(np.log(new.level / shop.level)) <= accepts)
        & reach[shop.store.platform]
        for shop in shops
    ], axis=1)  # fmt: skip
    pull = serves * np.array([shop.size * shop.appeal for shop in shops])
    total = pull.sum(axis=1)
    kept = faithful & (total > 0)
    part = pull[kept] / total[kept, None]
    return np.asarray(part.sum(axis=0) / BUYERS)


def _plan(
    new: Shop, shops: list[Shop], nature: dict[str, float], random: np.random.Generator, *,
    has_opening: bool,
) -> tuple[Candidate, float]:  # fmt: skip
    """The director's file, and the fixed costs of a month: some brands can bear them, some not."""
    usual = float(np.median([shop.size for shop in shops]))
    fixed = usual * 0.25 * float(random.uniform(0.05, 1.3))
    ranges: dict[str, Any] = {
        name: dict(zip(("low", "likely", "high"), ends, strict=True))
        for name, ends in RANGES.items()
    }
    growth = ("start_share", "ramp_up_months")
    demand = {name: "as_openings" if has_opening else ranges[name] for name in growth}
    words = dict.fromkeys(("visitors", "conversion", "order_value", "refund_share"), "as_nearest")
    skus = [f"K{at:02d}" for at in np.flatnonzero(new.sells)]
    found = Candidate.model_validate({
        "store_id": "NEW", "name": "New store", "kind": new.store.kind,
        "platform": new.store.platform, "owner": "director", "opens_on": date(2026, 1, 1),
        "horizon_months": HORIZON, "rating": "as_nearest", "promotions": [],
        "goods": {"skus": skus}, "price": {"level": new.level},
        "demand": {**words, **demand, "price_elasticity": ranges["price_elasticity"]},
        "losses": {name: ranges[name]
                   for name in ("at_full_overlap", "other_platforms", "split", "carry_over")},
        "platform_fees": {"source": "simulated", "as_of": date(2025, 12, 1), "commission": FEES,
                          "payment_fee": 0.0, "annual_fee": 0.0, "annual_fee_refund": [],
                          "deposit": 0.0},
        "costs": {"product_cost": "as_measured", "fulfilment": PER_ORDER, "affiliate": 0.0,
                  "advertising": 0.0, "staff": fixed, "content": 0.0,
                  "set_up": ranges["set_up"], "capital_cost": 0.0},
    })  # fmt: skip
    return found, fixed


def _evidence(
    shops: list[Shop], sold: dict[int, Floats], opened: int | None, *, weight: Floats,
    nature: dict[str, float], random: np.random.Generator,
) -> Evidence:  # fmt: skip
    """What the cubes of such a brand would hold."""
    stores = [shop.store for shop in shops]
    if opened is not None:
        old = stores[opened]
        stores[opened] = Store(old.store_id, old.name, old.kind, old.platform,
                               opened_on=date(2025, 5, 1), members=old.members)  # fmt: skip
    products = pl.DataFrame({
        "sku": [f"K{at:02d}" for at in range(CATEGORIES * SKUS)],
        "category": [f"All > C{at // SKUS}" for at in range(CATEGORIES * SKUS)],
        "top_category": [f"C{at // SKUS}" for at in range(CATEGORIES * SKUS)],
    })  # fmt: skip
    openings = pl.DataFrame(schema=TABLES["openings"])
    if opened is not None:
        others = [shop for at, shop in enumerate(shops) if at != opened]
        shares = _diverted(
            nature["at_full_overlap"], shops[opened], others, weight, nature, random=random
        )
        openings = cubes.opening_rows(stores[opened], others, shares, random)
    tables = {name: pl.DataFrame(schema=TABLES[name]) for name in ("metrics", "mechanisms")}
    tables |= {
        "openings": openings,
        "pairs": cubes.pairs(shops, sold),
        "price_index": cubes.levels(shops),
    }
    scope = Scope(
        stores=tuple(stores), reference_id="S0", period=PERIOD, data_end=PERIOD.last,
        basis=Basis.PAID_NET, currency="CNY", present=frozenset(), delta={}, seed=1,
        data_first=PERIOD.first, workspace_stores=tuple(stores),
    )  # fmt: skip
    return Evidence(
        scope=scope, stores=tuple(stores),
        goods=cubes.goods(shops, sold, products), products=products,
        months=cubes.months(shops, sold), margins=cubes.margins(shops), tables=tables,
        mix_groups=pl.DataFrame(schema={"store_id": pl.String, "list_none": pl.Float64}),
        lines=pl.DataFrame(schema={"sku": pl.String}),
    )  # fmt: skip
