"""What a promotion plan takes off, priced on the baskets that buyers fill today."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import polars as pl

from channelscope.candidate import Rule
from channelscope.decision.evidence import Evidence
from channelscope.estimates import Floats
from channelscope.promotion_rules import Baskets, Priced, Promotion, price, read_promotions

MOST_LINES = 20_000
"""More baskets than this say nothing new of an average discount."""
_STORE = "candidate"


@dataclass(frozen=True, slots=True)
class Discount:
    """What a plan takes off everyday prices, as a share of them.

    `low`: nobody is eligible for what is not for all; `high`: everybody is. `borne`: the part of it
    that the merchant bears. `mix`: share of everyday value by mechanism, the rest without.
    """

    name: str
    low: float
    high: float
    borne: float
    mix: Mapping[str, float]

    @property
    def likely(self) -> float:
        """Half of the buyers are eligible."""
        return (self.low + self.high) / 2


def nothing(name: str) -> Discount:
    """No promotion at all."""
    return Discount(name, 0.0, 0.0, 1.0, {})


def discount(
    name: str, rules: Sequence[Rule], evidence: Evidence, *, weights: Floats, skus: Sequence[str],
    level: float, opens_on: date, months: int,
) -> Discount | None:  # fmt: skip
    """A plan priced on orders of the nearest stores; None where there are none to price it on.

    `level`: everyday price level of the candidate; the orders' prices are brought there.
    """
    if not rules:
        return nothing(name)
    lines = _lines(evidence, skus)
    if lines.is_empty():
        return None
    stores = {store: at for at, store in enumerate(evidence.ids)}
    at = np.array([stores[store] for store in lines["member_id"]])
    own = np.nan_to_num(evidence.levels[at], nan=level)
    baskets = _baskets(lines, level / own, opens_on, months)
    weight = _line_weights(at, weights)
    promotions = _promotions(rules, opens_on, months)
    priced = {who: price(baskets, promotions=promotions, eligible=who)
              for who in ((), ("member", "new"))}  # fmt: skip
    shares = [_taken_share(each, weight) for each in priced.values()]
    every = priced["member", "new"]
    return Discount(
        name, min(shares), max(shares), _borne(every, promotions, weight),
        _mix(every, promotions, weight),
    )  # fmt: skip


def _lines(evidence: Evidence, skus: Sequence[str]) -> pl.DataFrame:
    """Whole orders in these goods of stores that sell; the first so many by store and order."""
    lines = evidence.lines.filter(
        "is_whole", pl.col("sku").is_in(skus), pl.col("member_id").is_in(evidence.ids),
        pl.col("pieces") > 0,
    )  # fmt: skip
    most = max(MOST_LINES // max(len(evidence.ids), 1), 1)
    few = lines.sort("member_id", "order_id", "line_no").group_by(
        "member_id", maintain_order=True
    ).head(most)  # fmt: skip
    return few.with_columns(order=pl.struct("member_id", "order_id").rle_id().cast(pl.Int64))


def _baskets(lines: pl.DataFrame, times: Floats, opens_on: date, months: int) -> Baskets:
    """The orders at the candidate's everyday prices, spread evenly over the horizon."""
    pieces = lines["pieces"].to_numpy()
    paid = lines["paid_amount"].to_numpy() * times
    orders = int(lines["order"].max() or 0) + 1  # type: ignore[arg-type]
    # Orders stand by store: a step that shares no factor with their number mixes the stores.
    days = (np.arange(orders) * 7919 % orders) * (months * 30) // orders
    return Baskets(
        store=np.full(orders, _STORE),
        at=np.datetime64(opens_on, "us") + days.astype("timedelta64[D]"),
        order=lines["order"].to_numpy(),
        line_no=lines["line_no"].to_numpy(),
        sku=lines["sku"].to_numpy(),
        category=lines["category"].fill_null("").to_numpy(),
        pieces=pieces,
        list_price=np.rint(paid * 1000 / pieces).astype(np.int64),
    )


def _line_weights(at: np.ndarray, weights: Floats) -> Floats:
    """Each store's lines together weigh as much as the store does."""
    counts = np.bincount(at, minlength=len(weights))
    return np.asarray(weights[at] / counts[at])


def _promotions(rules: Sequence[Rule], opens_on: date, months: int) -> tuple[Promotion, ...]:
    last = opens_on + timedelta(days=months * 31)
    rows = [
        {
            **rule.model_dump(exclude={"starts_on", "ends_on"}),
            "promo_id": f"rule {number}", "store_id": _STORE,
            "starts_at": rule.starts_on or opens_on,
            "ends_at": (rule.ends_on or last) + timedelta(days=1),
        }
        for number, rule in enumerate(rules, start=1)
    ]  # fmt: skip
    return read_promotions(pl.DataFrame(rows, infer_schema_length=None))


def _taken_share(priced: Priced, weight: Floats) -> float:
    value = float((priced.list_amount * weight).sum())
    return float(((priced.list_amount - priced.paid) * weight).sum()) / value if value else 0.0


def _borne(priced: Priced, promotions: Sequence[Promotion], weight: Floats) -> float:
    """The merchant's part of what is taken off; what nobody tells is the merchant's."""
    share = np.array([1.0 if p.merchant_share is None else p.merchant_share for p in promotions])
    amount = priced.taken.amount * weight[priced.taken.line]
    total = float(amount.sum())
    return float((amount * share[priced.taken.promotion]).sum()) / total if total else 1.0


def _mix(priced: Priced, promotions: Sequence[Promotion], weight: Floats) -> dict[str, float]:
    """Everyday value of discounted lines by mechanism, over all value."""
    taken = priced.taken
    off = np.bincount(taken.line, weights=taken.amount, minlength=len(priced.list_amount))
    part = taken.amount / off[taken.line] * (priced.list_amount * weight)[taken.line]
    value = float((priced.list_amount * weight).sum())
    found: dict[str, float] = {}
    for number, promotion in enumerate(promotions):
        amount = float(part[taken.promotion == number].sum())
        found[promotion.mechanism] = found.get(promotion.mechanism, 0.0) + amount / value
    return found
