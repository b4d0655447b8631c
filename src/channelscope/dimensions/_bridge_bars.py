"""The bars of one bridge with their draws, from the cells of its two ends."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import partial

import numpy as np

from channelscope.dimensions._sold_cells import CUTS, Cells
from channelscope.estimates import Floats, quotient
from channelscope.stats.arrays import Bools
from channelscope.stats.resampling import leave_one_out
from channelscope.stats.sales_bridge import Bars, Side, lmdi_bridge, sales_bridge

EVENTS = ("opened:products", "closed:products")
_per = partial(quotient, empty=0.0)
ENOUGH_TRACKED = 0.8
"""Least part of a store's orders on days with known visitors for the bridge to begin there."""


@dataclass(frozen=True, slots=True)
class Named:
    """Bars by factor. Shapes: draws (1 + weeks, factors), first what was seen; lmdi (factors,)."""

    factors: tuple[str, ...]
    draws: Floats
    lmdi: Floats

    @property
    def effects(self) -> Floats:
        """What was seen. Shapes: (factors,)."""
        return np.asarray(self.draws[0])


def whole(factor: str, total: Decimal) -> Named:
    """One bar of what is not decomposed: the same by every method, known without an interval."""
    return Named((factor,), np.array([[float(total)]]), np.array([float(total)]))


def added(parts: Iterable[Named]) -> Named:
    """The sums of bars of one factor, in the order in which factors were met."""
    parts = list(parts)
    factors = tuple(dict.fromkeys(sorted_factors(f for part in parts for f in part.factors)))
    count = max((len(part.draws) for part in parts), default=1)
    draws, lmdi = np.zeros((count, len(factors))), np.zeros(len(factors))
    for part in parts:
        at = [factors.index(factor) for factor in part.factors]
        # Of a bar without draws nothing is known but what was seen.
        draws[:, at] += part.draws if len(part.draws) == count else _unsure(part, count)
        lmdi[at] += part.lmdi
    return Named(factors, draws, lmdi)


def _unsure(part: Named, count: int) -> Floats:
    return np.concatenate([part.draws[:1], np.full((count - 1, part.draws.shape[1]), np.nan)])


def sorted_factors(factors: Iterable[str]) -> list[str]:
    """Traffic first, then baskets, goods, prices, mechanisms, refunds; openings at the end."""
    return sorted(factors, key=_place)


def _place(factor: str) -> tuple[int, int, str]:
    kind, _, name = factor.partition(":")
    if kind == "mechanism":
        return _ORDER.index(kind), CUTS.index(name), name
    return _ORDER.index(kind), name != "products", name


_ORDER = (
    "visitor_days", "conversion", "orders", "days_without_traffic", "units_per_order", "mix",
    "exclusives", "goods", "list_price", "mechanism", "refunds", "opened", "closed",
)  # fmt: skip


def between_stores(a: Cells, b: Cells) -> Named:
    """The bars from one store to another in the same days."""
    every = np.ones(a.units.shape[-1], dtype=bool)
    return _bars(a, b, products=every, fronts=_fronts(a, b))


def of_piece_price(a: Cells, b: Cells) -> Named:
    """The bars from the piece price of one store to that of another."""
    every = np.ones(a.units.shape[-1], dtype=bool)
    return _bars(a, b, products=every, fronts=())


def between_periods(a: Cells, b: Cells, *, backwards: bool = False) -> Named:
    """The bars from one period to another, or to an earlier one, `backwards`; goods sold in one of
    them only are bars of their own."""
    a, b = _paired(a, b)
    sold = [cells.units.sum(axis=0) > 0 for cells in (a, b)]
    stayed = _bars(a, b, products=sold[0] & sold[1], fronts=_fronts(a, b))
    came, went = EVENTS[::-1] if backwards else EVENTS
    events = [
        (came, _sales(b, sold[1] & ~sold[0])),
        (went, -_sales(a, sold[0] & ~sold[1])),
    ]
    found = [(name, money) for name, money in events if np.any(money != 0)]
    if not found:
        return stayed
    draws = np.stack([money for _, money in found], axis=-1)
    return Named(
        (*stayed.factors, *(name for name, _ in found)),
        np.concatenate([stayed.draws, draws], axis=-1),
        np.concatenate([stayed.lmdi, draws[0]]),
    )


def _sales(cells: Cells, products: Bools) -> Floats:
    money = cells.listed - cells.cuts.sum(axis=1) - cells.refunded
    return _drawn(money[:, products].sum(axis=-1))


def _paired(a: Cells, b: Cells) -> tuple[Cells, Cells]:
    """Weeks of two spans side by side: the first with the first; the odd one joins the last."""
    weeks = min(len(a.orders), len(b.orders))
    return a.with_weeks(weeks), b.with_weeks(weeks)


def _fronts(a: Cells, b: Cells) -> tuple[str, ...]:
    sides = (a, b)
    tracked = [cells.tracked.sum() / max(cells.orders.sum(), 1) for cells in sides]
    known = min(tracked) >= ENOUGH_TRACKED and all(each.visitors.sum() > 0 for each in sides)
    if not known:
        return ("orders", "units_per_order")
    gaps = ("days_without_traffic",) if min(tracked) < 1 else ()
    return ("visitor_days", "conversion", *gaps, "units_per_order")


def _bars(a: Cells, b: Cells, *, products: Bools, fronts: tuple[str, ...]) -> Named:
    shared = products & np.logical_and.reduce(
        [(cells.units.sum(axis=0) > 0) & (cells.listed.sum(axis=0) > 0) for cells in (a, b)]
    )
    used = np.any([(cells.cuts != 0).any(axis=(0, 2)) for cells in (a, b)], axis=0)
    sides = [_side(each, fronts, shared, products & ~shared, used) for each in (a, b)]
    is_shared = np.append(np.ones(shared.sum(), dtype=bool), False)
    found = sales_bridge(*sides, shared=is_shared)
    seen = [Side(*(part[:1] for part in each.parts())) for each in sides]
    lmdi = lmdi_bridge(*seen, shared=is_shared)
    net = any(cells.refunded.any() for cells in (a, b))
    alone = any(side.units[0, -1] != 0 for side in sides)
    columns = _columns(fronts, used, goods=bool(shared.any()), alone=alone, net=net)
    draws, beside = (_named(bars, fronts, columns, used) for bars in (found, lmdi))
    return Named(tuple(columns), draws, beside[0])


def _columns(
    fronts: tuple[str, ...], used: Bools, *, goods: bool, alone: bool, net: bool
) -> list[str]:
    """The factors that can have an effect at all, in order."""
    mechanisms = [f"mechanism:{code}" for code, here in zip(CUTS, used, strict=True) if here]
    inside = ["mix", *(["exclusives"] if alone else []), "list_price", *mechanisms]
    return [*fronts, *(inside if goods else ["goods"]), *(["refunds"] if net else [])]


def _named(bars: Bars, fronts: tuple[str, ...], columns: list[str], used: Bools) -> Floats:
    mechanisms = [f"mechanism:{code}" for code, here in zip(CUTS, used, strict=True) if here]
    known = {
        **dict(zip(fronts, np.moveaxis(bars.front, -1, 0), strict=True)),
        "mix": bars.mix, "exclusives": bars.exclusives, "goods": bars.exclusives,
        "list_price": bars.list_price, "refunds": bars.refunds,
        **dict(zip(mechanisms, np.moveaxis(bars.mechanisms, -1, 0), strict=True)),
    }  # fmt: skip
    return np.stack([known[name] for name in columns], axis=-1)


def _side(cells: Cells, fronts: tuple[str, ...], shared: Bools, alone: Bools, used: Bools) -> Side:
    units, listed, refunded = (
        _drawn(cells.reduced(name, of=shared, alone=alone))
        for name in ("units", "listed", "refunded")
    )
    cuts = _drawn(cells.reduced("cuts", of=shared, alone=alone)[:, used])
    pieces = units.sum(axis=-1)
    orders, visitors, tracked = (
        _drawn(each) for each in (cells.orders, cells.visitors, cells.tracked)
    )
    if not fronts:
        # Per piece: everything is divided by the pieces sold.
        return Side(
            np.ones((len(pieces), 0)), _per(units, pieces[:, None]),
            _per(listed, pieces[:, None]), _per(cuts, pieces[:, None, None]),
            _per(refunded.sum(axis=-1), pieces),
        )  # fmt: skip
    known = {
        "visitor_days": visitors, "conversion": _per(tracked, visitors), "orders": orders,
        "days_without_traffic": _per(orders, tracked), "units_per_order": _per(pieces, orders),
    }  # fmt: skip
    if "visitor_days" in fronts and "days_without_traffic" not in fronts:
        known["conversion"] = _per(orders, visitors)
    front = np.stack([known[name] for name in fronts], axis=-1)
    return Side(front, units, listed, cuts, refunded.sum(axis=-1))


def _drawn(sums: Floats) -> Floats:
    """What was seen, then every week left out, scaled back to the whole span."""
    weeks = len(sums)
    fewer = leave_one_out(sums) * weeks / max(weeks - 1, 1)
    return np.concatenate([sums.sum(axis=0)[None], fewer])
