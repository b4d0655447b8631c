"""The net price of many baskets: item → shop → platform → points → payment."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from channelscope.promotion_rules.apportion import Cents, Counts, per_order
from channelscope.promotion_rules.baskets import Baskets
from channelscope.promotion_rules.beside import GiftWorth, extras
from channelscope.promotion_rules.both_levels import price_till
from channelscope.promotion_rules.promotions import Promotion, Step
from channelscope.promotion_rules.till import open_tills


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What promotions took off lines. *Shapes*: all (n,), one entry per line and promotion.

    `line`: position of the line, `promotion`: position of the promotion, `amount`: cents, above 0.
    """

    line: Counts
    promotion: Counts
    amount: Cents


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What stands beside the price. *Shapes*: all (n,). *Units*: cents, -1 = not known.

    `basket`: position of the basket, `promotion`: position of the promotion, `market`: worth to
    the consumer, `cost`: cost to who bears it.
    """

    basket: Counts
    promotion: Counts
    market: Cents
    cost: Cents


@dataclass(frozen=True, slots=True, kw_only=True)
class Priced:
    """Priced baskets, in the order in which they came in.

    *Shapes*: `list_amount`, `activity_amount`, `paid` (lines,); `deposit` (baskets,).
    *Units*: cents.
    `deposit`: the part of what is paid that a presale takes in advance.
    """

    list_amount: Cents
    activity_amount: Cents
    paid: Cents
    deposit: Cents
    taken: Taken
    given: Given

    def of_baskets(self, values: Cents, order: Counts) -> Cents:
        """The lines' values added up per basket."""
        return per_order(values, order=order, orders=len(self.deposit))


def price(
    baskets: Baskets,
    *,
    promotions: Sequence[Promotion],
    eligible: Collection[str] = (),
    gifts: Mapping[str, GiftWorth] | None = None,
) -> Priced:
    """What a consumer pays who takes every promotion that is open to him.

    A brand sees in it what one piece, or three, cost in each of its stores at one moment, and which
    promotion makes it.

    *Shapes*: `baskets` has (baskets,) and (lines,). *Units*: cents.

    Args:
        baskets: what lies in the baskets, where and when.
        promotions: the rules, of any stores and times.
        eligible: of `member`, `new`, `presale` what the consumer is; those for all always hold.
        gifts: per product given away what a piece is worth and costs.

    Returns:
        Amounts per line: 0 ≤ paid ≤ list amount; what is taken off a basket adds up to its
        lines' list amounts less what they pay. The order of the lines never matters.

    *Source*: METHODS 3 "Rule engine".

    Example:
        >>> import polars as pl
        >>> from datetime import datetime
        >>> from channelscope.promotion_rules.promotions import read_promotions
        >>> rules = read_promotions(pl.DataFrame({
        ...     "promo_id": ["c"], "store_id": ["F1"], "mechanism": ["coupon_shop"],
        ...     "starts_at": [datetime(2026, 1, 1)], "ends_at": [datetime(2026, 1, 31)],
        ...     "threshold_kind": ["amount"], "threshold": [300.0], "benefit": [50.0]}))
        >>> pans = Baskets(store=np.array(["F1"]), order=np.array([0]), line_no=np.array([1]),
        ...     at=np.array(["2026-01-15"], dtype="datetime64[us]"), sku=np.array(["pan"]),
        ...     category=np.array(["Cookware"]), pieces=np.array([3_000]),
        ...     list_price=np.array([12_000]))
        >>> price(pans, promotions=rules).paid.tolist()
        [31000]
    """
    open_to = {"all", *eligible}
    paid, activity = baskets.list_amount, baskets.list_amount
    taken: list[tuple[Counts, int, Cents]] = []
    given: list[tuple[Counts, int, Cents, Cents]] = []
    for store, empty in open_tills(baskets):
        members = [
            (number, promotion)
            for number, promotion in enumerate(promotions)
            if promotion.store_id == store and promotion.eligibility in open_to
        ]
        till = price_till(empty, members)
        paid[till.line], activity[till.line] = till.left, till.activity
        taken += till.steps
        beside = [m for m in members if m[1].step is Step.BESIDE]
        given += [
            (till.basket[extra.basket], extra.number, _known(extra.market, extra.basket),
             _known(extra.cost, extra.basket))
            for extra in extras(till, beside, gifts or {})
        ]  # fmt: skip
    return Priced(
        list_amount=baskets.list_amount, activity_amount=activity, paid=paid,
        deposit=_deposit(baskets, taken, promotions, paid=paid),
        taken=_taken(taken), given=_given(given),
    )  # fmt: skip


def _known(values: Cents | None, like: Counts) -> Cents:
    return np.full(len(like), -1) if values is None else values


def _deposit(
    baskets: Baskets,
    taken: list[tuple[Counts, int, Cents]],
    promotions: Sequence[Promotion],
    *,
    paid: Cents,
) -> Cents:
    """What is paid in advance, never more than the basket costs in the end."""
    total = np.zeros(len(baskets.store), dtype=np.int64)
    for line, number, _ in taken:
        promotion = promotions[number]
        if promotion.benefit_kind == "credit":
            deposit = promotion.threshold * baskets.pieces[line] // 1_000
            total += per_order(deposit, order=baskets.order[line], orders=len(total))
    return np.minimum(total, per_order(paid, order=baskets.order, orders=len(total)))


def _taken(parts: list[tuple[Counts, int, Cents]]) -> Taken:
    kept = [(line[off > 0], number, off[off > 0]) for line, number, off in parts]
    return Taken(
        line=_joined([line for line, _, _ in kept]),
        promotion=_joined([np.full(len(line), number) for line, number, _ in kept]),
        amount=_joined([off for _, _, off in kept]),
    )


def _given(parts: list[tuple[Counts, int, Cents, Cents]]) -> Given:
    return Given(
        basket=_joined([basket for basket, _, _, _ in parts]),
        promotion=_joined([np.full(len(basket), number) for basket, number, _, _ in parts]),
        market=_joined([market for _, _, market, _ in parts]),
        cost=_joined([cost for _, _, _, cost in parts]),
    )


def _joined(parts: list[Counts]) -> Counts:
    return np.concatenate(parts) if parts else np.zeros(0, dtype=np.int64)
