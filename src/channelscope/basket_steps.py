"""The rows in which the steps of one basket are told: one row a step, money exact."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import numpy as np
import polars as pl

from channelscope.promotion_rules import Priced, Promotion, Step

CENT = Decimal("0.01")
NOT_LISTED = "not_listed"
_MONEY = pl.Decimal(18, 2)
SCHEMA: Mapping[str, Any] = {
    "store_id": pl.String, "position": pl.Int64, "step": pl.String, "mechanism": pl.String,
    "promo_id": pl.String, "sku": pl.String, "pieces": pl.Decimal(18, 3), "label": pl.String,
    "amount": _MONEY, "running": _MONEY, "funder": pl.String, "merchant_share": pl.Float64,
    "cost": _MONEY, "seen_on": pl.Date, "currency": pl.String,
}  # fmt: skip
"""`step`: list, item, activity, shop, platform, points, payment, net, per_piece, deposit, balance,
beside, or not_listed. `amount`: what the step takes off is negative; of list, activity, net,
per_piece, deposit and balance the price itself; beside the price, what it is worth to the consumer.
`running`: what the basket costs after the step. `cost`: what stands beside costs who bears it.
"""


@dataclass(frozen=True, slots=True)
class Line:
    """One product of the basket in one store. *Units*: `cents` per piece."""

    sku: str
    title: str
    category: str | None
    pieces: Decimal
    cents: int
    seen_on: date


@dataclass(frozen=True, slots=True)
class Offer:
    """A priced basket of one store, and the rules that priced it."""

    store_id: str
    currency: str
    lines: tuple[Line, ...]
    rules: tuple[Promotion, ...]
    priced: Priced


def not_listed(store_id: str, currency: str, skus: Sequence[str]) -> dict[str, Any]:
    """The row of a store that does not sell all of the basket."""
    return {"store_id": store_id, "position": 1, "step": NOT_LISTED, "currency": currency,
            "label": f"no list price known: {', '.join(skus)}"}  # fmt: skip


def rows(offer: Offer) -> list[dict[str, Any]]:
    """From list price to the net price, and what stands beside it."""
    told = [*_listed(offer), *_down(offer), *_ends(offer), *_beside(offer)]
    return [
        {"store_id": offer.store_id, "position": at, "currency": offer.currency, **row}
        for at, row in enumerate(told, start=1)
    ]


def _listed(offer: Offer) -> Iterator[dict[str, Any]]:
    running = 0
    for line, cents in zip(offer.lines, offer.priced.list_amount.tolist(), strict=True):
        running += cents
        yield {"step": "list", "sku": line.sku, "pieces": line.pieces, "label": line.title,
               "amount": _money(cents), "running": _money(running),
               "seen_on": line.seen_on}  # fmt: skip


def _down(offer: Offer) -> Iterator[dict[str, Any]]:
    """Every promotion in the order in which it applies, the activity price after the item level."""
    running = int(offer.priced.list_amount.sum())
    is_item = True
    for rule, cents in _taken(offer):
        if is_item and rule.step is not Step.ITEM:
            is_item = False
            yield _total("activity", running)
        running -= cents
        yield {**_named(rule), "amount": _money(-cents), "running": _money(running)}
    if is_item:
        yield _total("activity", running)
    yield _total("net", running)


def _taken(offer: Offer) -> list[tuple[Promotion, int]]:
    """What each promotion takes off the whole basket, first applied first."""
    taken = offer.priced.taken
    numbers, first = np.unique(taken.promotion, return_index=True)
    return [
        (offer.rules[number], int(taken.amount[taken.promotion == number].sum()))
        for number in numbers[np.argsort(first)].tolist()
    ]


def _ends(offer: Offer) -> Iterator[dict[str, Any]]:
    """The net price of a piece, and of a presale what is paid in advance and what later."""
    net, deposit = int(offer.priced.paid.sum()), int(offer.priced.deposit.sum())
    pieces = sum(line.pieces for line in offer.lines)
    each = (Decimal(net) / 100 / pieces).quantize(CENT, ROUND_HALF_UP)
    yield {"step": "per_piece", "amount": each, "pieces": pieces}
    if deposit:
        yield {"step": "deposit", "amount": _money(deposit)}
        yield {"step": "balance", "amount": _money(net - deposit)}


def _beside(offer: Offer) -> Iterator[dict[str, Any]]:
    given = offer.priced.given
    for number, market, cost in zip(
        given.promotion.tolist(), given.market.tolist(), given.cost.tolist(), strict=True
    ):
        rule = offer.rules[number]
        yield {**_named(rule), "sku": rule.gift_sku, "amount": _known(market),
               "cost": _known(cost)}  # fmt: skip


def _named(rule: Promotion) -> dict[str, Any]:
    return {
        "step": rule.step.name.lower(), "mechanism": rule.mechanism, "promo_id": rule.promo_id,
        "label": rule.label, "funder": rule.funder, "merchant_share": rule.merchant_share,
    }  # fmt: skip


def _total(step: str, cents: int) -> dict[str, Any]:
    return {"step": step, "amount": _money(cents), "running": _money(cents)}


def _known(cents: int) -> Decimal | None:
    return None if cents < 0 else _money(cents)


def _money(cents: int) -> Decimal:
    return Decimal(cents) * CENT
