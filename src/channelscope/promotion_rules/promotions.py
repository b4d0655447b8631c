"""The rows of the `promotions` table as rules: what, where, when, from how much, for whom."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import IntEnum, StrEnum
from functools import lru_cache
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from channelscope.mechanisms import MECHANISMS, Funder, Level

Goods = tuple[tuple[str, str | None], ...]
"""Products and their categories."""
Mask = NDArray[np.bool_]
MILLION = 1_000_000
"""Rates are whole millionths, so that 12.5% is exact."""
THOUSAND = 1_000
"""Pieces are whole thousandths, as the contract's quantities are."""
_MECHANISMS = {mechanism.code: mechanism for mechanism in MECHANISMS}
_ITEM_GROUP = ("markdown", "flash", "subsidy", "member", "presale", "group")
ONE_PRICE = "one price"
_CATEGORY, _SKU = "category:", "sku:"


class Step(IntEnum):
    """The steps of checkout in their order; what stands beside the price comes last."""

    ITEM = 1
    SHOP = 2
    PLATFORM = 3
    POINTS = 4
    PAYMENT = 5
    BESIDE = 6


class Base(StrEnum):
    """On which price a threshold is tested and a rate is taken."""

    LIST = "list"
    ACTIVITY = "activity"
    RUNNING = "running"


_STEP = {
    Level.ITEM: Step.ITEM, Level.SET: Step.SHOP, Level.ORDER: Step.SHOP, Level.SHOP: Step.SHOP,
    Level.PLATFORM: Step.PLATFORM, Level.PAYMENT: Step.PAYMENT, Level.POST: Step.BESIDE,
}  # fmt: skip
_USUAL_BASE = {
    Step.ITEM: Base.LIST, Step.SHOP: Base.ACTIVITY, Step.PLATFORM: Base.ACTIVITY,
    Step.POINTS: Base.RUNNING, Step.PAYMENT: Base.RUNNING, Step.BESIDE: Base.RUNNING,
}  # fmt: skip
_BORNE = {Funder.MERCHANT: 1.0, Funder.PLATFORM: 0.0, Funder.SHARED: None}


@dataclass(frozen=True, slots=True, kw_only=True)
class Promotion:
    """One promotion of one store, as the rules need it.

    *Units*: money in cents, rates in millionths, pieces in thousandths; `benefit` is one of the
    three as `benefit_kind` says (of a gift: pieces), `threshold` as `threshold_kind` says (of a
    presale: the deposit in cents). `starts`, `ends`: local time of the store, both included.
    `group`: of one group only the best applies; None: it stands alone.
    """

    promo_id: str
    store_id: str
    mechanism: str
    label: str
    scope: str
    starts: np.datetime64
    ends: np.datetime64
    threshold_kind: str
    threshold: int
    base: Base
    benefit_kind: str
    benefit: int
    repeat: bool
    cap: int | None
    group: str | None
    priority: int
    eligibility: str
    merchant_share: float | None
    gift_sku: str | None

    @property
    def step(self) -> Step:
        """At which step of checkout it acts."""
        mechanism = _MECHANISMS[self.mechanism]
        if not mechanism.in_price:
            return Step.BESIDE
        return Step.POINTS if self.mechanism == "points" else _STEP[mechanism.level]

    @property
    def exclusive_group(self) -> str | None:
        """Its group; prices of one piece that name none share one, as a piece has one price."""
        if self.group is None and self.mechanism in _ITEM_GROUP:
            return ONE_PRICE
        return self.group

    @property
    def funder(self) -> str:
        """Who bears it: merchant, platform, or shared."""
        if self.merchant_share is None:
            return _MECHANISMS[self.mechanism].funder.value
        whole = {1.0: Funder.MERCHANT, 0.0: Funder.PLATFORM}
        return whole.get(self.merchant_share, Funder.SHARED).value

    def covers(self, goods: Goods) -> Mask:
        """Which of the products lie in its scope."""
        return _covered(self.scope, goods)

    @property
    def components(self) -> tuple[str, ...]:
        """The products it lists by name, none where it covers a category or the store."""
        return tuple(self.scope.removeprefix(_SKU).split("|")) if _SKU in self.scope else ()


@lru_cache(maxsize=4096)
def _covered(scope: str, goods: Goods) -> Mask:
    """Asked again and again of the same few scopes and goods."""
    if scope.startswith(_SKU):
        names = set(scope.removeprefix(_SKU).split("|"))
        found = [sku in names for sku, _ in goods]
    elif scope.startswith(_CATEGORY):
        prefix = scope.removeprefix(_CATEGORY)
        below = f"{prefix} > "
        found = [of is not None and (of == prefix or of.startswith(below)) for _, of in goods]
    else:
        found = [True] * len(goods)
    mask = np.array(found, dtype=bool)
    mask.flags.writeable = False
    return mask


def read_promotions(rows: pl.DataFrame) -> tuple[Promotion, ...]:
    """The promotions of a table that keeps the data contract, in the order of the rows.

    A row without a benefit, with a rate above 1, or without the threshold that it speaks of makes
    no price: taken as 0 it would make goods free, or always bite.
    """
    return tuple(_promotion(row) for row in rows.iter_rows(named=True) if _is_told(row))


def _is_told(row: Mapping[str, Any]) -> bool:
    benefit, threshold = row.get("benefit"), row.get("threshold")
    if benefit is None:
        given = row.get("gift_sku") is not None
    else:
        given = benefit >= 0 and (benefit <= 1 or row.get("benefit_kind") != "rate")
    tested = (row.get("threshold_kind") or "none") != "none"
    return given and not (tested and (threshold is None or threshold < 0))


def _promotion(row: Mapping[str, Any]) -> Promotion:
    code = row["mechanism"]
    threshold_kind = row.get("threshold_kind") or "none"
    benefit_kind = row.get("benefit_kind") or ("gift" if code == "gift" else "amount")
    benefit = row.get("benefit")
    if benefit is None and benefit_kind == "gift" and row.get("gift_sku"):
        benefit = 1  # a gift that says no number is one piece
    share = row.get("merchant_share")
    found = Promotion(
        promo_id=row["promo_id"],
        store_id=row["store_id"],
        mechanism=code,
        label=row.get("label") or row["promo_id"],
        scope=row.get("scope") or "store",
        starts=np.datetime64(row["starts_at"], "us"),
        ends=np.datetime64(row["ends_at"], "us"),
        threshold_kind=threshold_kind,
        threshold=_scaled(row.get("threshold"), THOUSAND if threshold_kind == "qty" else 100),
        base=Base.LIST,
        benefit_kind=benefit_kind,
        benefit=_scaled(benefit, _SCALE[benefit_kind]),
        repeat=bool(row.get("repeat")),
        cap=None if row.get("cap") is None else _scaled(row["cap"], 100),
        group=row.get("stack_group"),
        priority=row["priority"] if row.get("priority") is not None else 0,
        eligibility=row.get("eligibility") or "all",
        merchant_share=_BORNE[_MECHANISMS[code].funder] if share is None else float(share),
        gift_sku=row.get("gift_sku"),
    )
    base = row.get("threshold_base")
    return _with_base(found, Base(base) if base else _USUAL_BASE[found.step])


_SCALE = {"rate": MILLION, "amount": 100, "price": 100, "credit": 100, "gift": THOUSAND}


def _with_base(promotion: Promotion, base: Base) -> Promotion:
    fields = {name: getattr(promotion, name) for name in Promotion.__slots__}
    return Promotion(**(fields | {"base": base}))


def _scaled(value: Any, scale: int) -> int:
    """A printed amount as a whole number of its smallest unit, half up; nothing printed is 0."""
    exact = Decimal(0) if value is None else Decimal(str(value)) * scale
    return int(exact.quantize(Decimal(1), rounding=ROUND_HALF_UP))
