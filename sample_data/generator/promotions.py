"""The promotions of every store: one list, from which promotions.csv and every price come."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise

import numpy as np
import polars as pl

from sample_data.generator.calendar import DAYS, FESTIVALS, FIRST, LAST, MONTHS, date_of, day_of
from sample_data.generator.catalogue import CATEGORIES, DESIGN_SEED, Catalogue
from sample_data.generator.stores import STORES


@dataclass(frozen=True, slots=True, kw_only=True)
class Promotion:
    """One promotion of one store. `skus`, `category`: what it covers; neither: the whole store.

    `threshold` in yuan or pieces, `benefit` as a rate of the price or in yuan, as printed.
    """

    store: int
    mechanism: str
    start: int
    end: int  # inclusive
    label: str
    benefit: float
    skus: tuple[int, ...] = ()
    category: int | None = None
    threshold: float = 0.0
    is_deal: bool = False


# Item level, per store: (regular rate, rate in a festival, rate of a weekly deal, deals a week).
# The rates are what makes the designed price levels; see `python -m sample_data.generator.truth`.
MARKDOWN = {
    "F2": (0.055, 0.090, 0.185, 8),
    "S1": (0.065, 0.100, 0.190, 5),
    "M1": (0.105, 0.150, 0.240, 7),
    "M2": (0.100, 0.135, 0.240, 7),
    "D1": (0.155, 0.155, 0.000, 0),
    "D2": (0.205, 0.245, 0.315, 5),
    "D3": (0.205, 0.245, 0.315, 5),
    "X1": (0.205, 0.240, 0.310, 4),
}
# F2 prices its categories a little apart; the others mark the whole store down.
F2_CATEGORY = (0.010, 0.0, -0.010, 0.005, -0.010, 0.005)
SUBSIDY = 0.055  # of list price, at D1, paid by the platform

# (threshold in yuan, yuan off) or (pieces, rate): (regular, festival).
COUPON = {
    "F1": ((359, 110), (359, 120)),
    "S1": ((399, 15), (399, 30)),
    "M1": ((199, 12), (199, 15)),
    "D2": ((149, 8), (149, 10)),
    "D3": ((149, 8), (149, 10)),
}
QUANTITY = {"S1": ((2, 0.08), (2, 0.10)), "M2": ((3, 0.10), (3, 0.12))}
CROSS = {"F1": ((300, 50), (300, 50))}
QUIET_DAYS = 4  # the cross-store tier rests at the end of a month


def build_promotions(catalogue: Catalogue) -> tuple[Promotion, ...]:
    """Every promotion of the two years, store by store."""
    rng = np.random.default_rng(DESIGN_SEED + 1)
    deals = {s: list(_deals(s, catalogue=catalogue, rng=rng)) for s in MARKDOWN if s != "D3"}
    deals["D3"] = deals["D2"]  # the twins run the same calendar
    found: list[Promotion] = []
    for number, store in enumerate(STORES):
        opened = max(day_of(store.opened_on), 0)
        for promotion in (*_standing(store.store_id), *deals.get(store.store_id, [])):
            if promotion.end >= opened:
                found.append(_of_store(promotion, store=number, start=opened))
    return tuple(found)


def _of_store(promotion: Promotion, *, store: int, start: int) -> Promotion:
    fields = {name: getattr(promotion, name) for name in Promotion.__slots__}
    return Promotion(**(fields | {"store": store, "start": max(promotion.start, start)}))


def _standing(store: str) -> Iterator[Promotion]:
    """What runs month by month, with festival terms inside the festivals."""
    for start, end, festive in _periods():
        if store in MARKDOWN:
            yield from _markdown(store, start, end, festive)
        if store == "D1":
            yield _make("subsidy", start, end, label="百亿补贴", benefit=SUBSIDY)
        if store in COUPON:
            threshold, amount = COUPON[store][festive]
            label = f"店铺券 满{threshold}减{amount}"
            yield _make("coupon_shop", start, end, label=label, benefit=amount, threshold=threshold)
        if store in QUANTITY:
            pieces, rate = QUANTITY[store][festive]
            label = f"满{pieces}件{_zhe(rate)}折"
            yield _make("tier_qty", start, end, label=label, benefit=rate, threshold=pieces)
        if store in CROSS:
            step, amount = CROSS[store][festive]
            last = end if festive or _month_goes_on(end) else end - QUIET_DAYS
            label = f"跨店每满{step}减{amount}"
            if last >= start:
                yield _make("tier_cross", start, last, label=label, benefit=amount, threshold=step)


def _markdown(store: str, start: int, end: int, festive: bool) -> Iterator[Promotion]:
    rate = MARKDOWN[store][festive]
    name = "大促直降" if festive else "限时直降"
    if store != "F2":
        yield _make("markdown", start, end, label=f"{name} {_zhe(rate)}折", benefit=rate)
        return
    for category, extra in enumerate(F2_CATEGORY):
        here = round(rate + extra, 4)
        label = f"{name} {_zhe(here)}折"
        yield _make("markdown", start, end, label=label, benefit=here, category=category)


def _deals(store: str, *, catalogue: Catalogue, rng: np.random.Generator) -> Iterator[Promotion]:
    """Weekly deals (每周特惠), Monday to Sunday, on products drawn by appeal; 8 weeks between."""
    _, _, rate, count = MARKDOWN[store]
    rested = np.full(len(catalogue.sku), -99)
    first_monday = FIRST + timedelta(days=-FIRST.weekday() % 7)
    for week, day in enumerate(range(day_of(first_monday), DAYS, 7)):
        if count == 0:
            return
        free = (rested < week - 8) & (catalogue.launched_on < np.datetime64(date_of(day)))
        weight = np.sqrt(catalogue.appeal) * free
        drawn = rng.choice(len(weight), size=count, replace=False, p=weight / weight.sum())
        rested[drawn] = week
        skus = tuple(sorted(int(sku) for sku in drawn))
        end = min(day + 6, DAYS - 1)
        label = f"每周特惠 {_zhe(rate)}折"
        yield _make("markdown", day, end, label=label, benefit=rate, skus=skus, is_deal=True)


def _periods() -> Iterator[tuple[int, int, bool]]:
    """(first day, last day, in a festival): months, cut where a festival starts or ends."""
    cuts = {day_of(month.astype("datetime64[D]").item()) for month in MONTHS}
    festive = np.zeros(DAYS, dtype=bool)
    for festival in FESTIVALS:
        cuts |= {festival.days.start, festival.days.stop}
        festive[festival.days] = True
    edges = [*sorted(cuts), DAYS]
    for start, stop in pairwise(edges):
        if stop > start:
            yield start, stop - 1, bool(festive[start])


def _month_goes_on(end: int) -> bool:
    following: date = date_of(end + 1)
    return following.day != 1 or following > LAST


def _make(
    mechanism: str, start: int, end: int, *, label: str, benefit: float, threshold: float = 0.0,
    category: int | None = None, skus: tuple[int, ...] = (), is_deal: bool = False,
) -> Promotion:  # fmt: skip
    return Promotion(
        store=0, mechanism=mechanism, start=start, end=end, label=label, benefit=benefit,
        threshold=threshold, category=category, skus=skus, is_deal=is_deal,
    )  # fmt: skip


def _zhe(rate: float) -> str:
    """A rate as shops print it: 10% off is 9折, 12% off is 8.8折."""
    return f"{round((1 - rate) * 10, 2):g}"


def promo_ids(promotions: tuple[Promotion, ...]) -> list[str]:
    """F1-0001 …, numbered per store in the order of the list."""
    seen: dict[int, int] = {}
    ids = []
    for promotion in promotions:
        seen[promotion.store] = seen.get(promotion.store, 0) + 1
        ids.append(f"{STORES[promotion.store].store_id}-{seen[promotion.store]:04d}")
    return ids


_STACK = {"markdown": ("item", 1), "subsidy": ("subsidy", 2), "tier_qty": ("quantity", 3),
          "coupon_shop": ("coupon", 4), "tier_cross": ("cross", 5)}  # fmt: skip
DEAL_FIRST = 0
"""A weekly deal is an exception to the store's markdown: without it the two would contradict."""


def promotions_frame(promotions: tuple[Promotion, ...], *, catalogue: Catalogue) -> pl.DataFrame:
    """promotions.csv: what the orders were priced by, as the platforms would show it."""
    rows = [
        _row(promotion, promo_id=promo_id, catalogue=catalogue)
        for promotion, promo_id in zip(promotions, promo_ids(promotions), strict=True)
    ]
    return pl.DataFrame(rows)


def _row(promotion: Promotion, *, promo_id: str, catalogue: Catalogue) -> dict[str, object]:
    kind = {"tier_qty": "qty", "coupon_shop": "amount", "tier_cross": "amount"}
    is_rate = promotion.mechanism in {"markdown", "subsidy", "tier_qty"}
    group, priority = _STACK[promotion.mechanism]
    return {
        "promo_id": promo_id,
        "store_id": STORES[promotion.store].store_id,
        "mechanism": promotion.mechanism,
        "starts_at": datetime.combine(date_of(promotion.start), time.min),
        "ends_at": datetime.combine(date_of(promotion.end), time(23, 59, 59)),
        "label": promotion.label,
        "scope": _scope(promotion, catalogue=catalogue),
        "threshold_kind": kind.get(promotion.mechanism, "none"),
        "threshold": promotion.threshold or None,
        "threshold_base": "activity" if promotion.threshold else "list",
        "benefit_kind": "rate" if is_rate else "amount",
        "benefit": float(promotion.benefit),
        "repeat": promotion.mechanism == "tier_cross",
        "stack_group": group,
        "priority": DEAL_FIRST if promotion.is_deal else priority,
        "eligibility": "all",
        "merchant_share": 0.0 if promotion.mechanism == "subsidy" else 1.0,
    }


def _scope(promotion: Promotion, *, catalogue: Catalogue) -> str:
    if promotion.skus:
        return "sku:" + "|".join(catalogue.sku[list(promotion.skus)])
    if promotion.category is not None:
        return f"category:{CATEGORIES[promotion.category]}"
    return "store"
