"""The other tables of a decision: months, positions, losses, stores it is like, the register."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

import numpy as np

from channelscope.decision.answers import LOOKS, break_even_share, is_known
from channelscope.decision.futures import Futures, Input
from channelscope.decision.outcome import Outcome
from channelscope.decision.setting import Position, Setting
from channelscope.estimates import Floats
from channelscope.stats.arrays import Bools
from channelscope.stats.ranges import around, levels, student

Row = dict[str, Any]
NEIGHBOURS = 0.05
"""Of the futures so many have about the same sales."""


def later(day: date, months: int) -> date:
    """The same day so many months later; the last of the month where there is no such day."""
    index = day.year * 12 + day.month - 1 + months
    year, month = index // 12, index % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def payback(setting: Setting, futures: Futures, found: Outcome) -> Iterator[Row]:
    """The months; without costs, sales alone."""
    candidate, known = setting.candidate, is_known(found)
    paid, left = found.by_month(futures.grown)
    sales = paid * found.net[:, None]
    cumulative = np.cumsum(left, axis=1) - found.set_up[:, None]
    columns = [("sales", around(sales))]
    if known:
        columns += [("contribution", around(left)), ("cumulative", around(cumulative))]
        yield {
            "candidate_id": candidate.store_id, "month": 0, "month_start": candidate.opens_on,
            **_at("contribution", around(-found.set_up)),
            **_at("cumulative", around(-found.set_up)),
            "p_payback": float((found.set_up <= 0).mean()),
        }  # fmt: skip
    paid_back = (cumulative >= 0).mean(axis=0)
    for month in range(found.horizon):
        row: Row = {
            "candidate_id": candidate.store_id, "month": month + 1,
            "month_start": later(candidate.opens_on, month),
        }  # fmt: skip
        for name, parts in columns:
            row |= _at(name, [part[month] for part in parts])
        yield {**row, "p_payback": float(paid_back[month]) if known else None}


def _at(name: str, parts: Any) -> Row:
    mean, low, high = (float(part) for part in parts)
    return {name: mean, f"{name}_lo": low, f"{name}_hi": high}


def positions(setting: Setting, every: Iterable[tuple[Position, Outcome]]) -> tuple[list[Row], str]:
    """Positions by mean contribution, and the name of the best; no rank without costs.

    Of each position its contributions alone are kept: a grid of them in all stores is large.
    """
    found = [(_position(setting, position, one), one.contribution) for position, one in every]
    known = all(np.isfinite(values).all() for _, values in found)
    if not known:
        return [row for row, _ in found], setting.plan.name
    found.sort(key=lambda pair: -float(pair[1].mean()))
    rows = [
        {**row, "rank": rank, **_ranked(values, found[0][1])}
        for rank, (row, values) in enumerate(found, start=1)
    ]
    return rows, str(rows[0]["position"])


def _position(setting: Setting, position: Position, found: Outcome) -> Row:
    return {
        "candidate_id": setting.candidate.store_id, "position": position.name,
        "assortment": position.offer.name,
        "price_level": setting.level if position.level is None else position.level,
        "promotion": position.discount.name, "is_planned": position.is_planned,
        "sales": float((found.paid * found.net).mean()), "margin": _known(found.margin),
        "diverted": float(found.diverted.mean()),
    }  # fmt: skip


def _known(values: Floats) -> float | None:
    mean = float(values.mean())
    return mean if np.isfinite(mean) else None


def _ranked(mine: Floats, best: Floats) -> Row:
    mean, low, high = (float(part) for part in around(mine))
    gap, gap_low, gap_high = (float(part) for part in around(mine - best))
    return {
        "contribution": mean, "lo": low, "hi": high, "p_payback": float((mine >= 0).mean()),
        "gap": gap, "gap_lo": gap_low, "gap_hi": gap_high, "is_as_good": gap_low <= 0 <= gap_high,
    }  # fmt: skip


def own_losses(setting: Setting, found: Outcome) -> Iterator[Row]:
    """What each store loses."""
    told = setting.opening[0].share if setting.opening else np.full(len(found.shares[0]), np.nan)
    parts = found.overlap
    for at, store in enumerate(setting.evidence.ids):
        share = _at("share", around(found.shares[:, at]))
        loss = found.paid * found.shares[:, at] * found.losing[:, at]
        known = bool(np.isfinite(loss).all())
        money = _at("loss", around(loss)) if known else {}
        yield {
            "candidate_id": setting.candidate.store_id, "store_id": store,
            "share": share["share"], "lo": share["share_lo"], "hi": share["share_hi"],
            "product_overlap": float(parts.product[:, at].mean()),
            "price_overlap": float(parts.price[:, at].mean()),
            "buyers_overlap": float(parts.buyers[:, at].mean()),
            "overlap": float(parts.whole[:, at].mean()),
            "margin": _known(found.losing[:, at]), **money,
            "source": "openings" if np.isfinite(told[at]) else "declared",
            "outcome_reason": None if known else "reason.no_costs",
        }  # fmt: skip


def nearest(setting: Setting) -> Iterator[Row]:
    """The stores by weight."""
    near, evidence = setting.near, setting.evidence
    values = {
        **{f"{name}_distance": part for name, part in near.by_dimension.items()},
        "monthly_sales": setting.plan.offer.sales,
        "conversion": evidence.metric("conversion"), "order_value": evidence.order_value,
    }  # fmt: skip
    for at in np.argsort(-near.weight, kind="stable").tolist():
        yield {
            "candidate_id": setting.candidate.store_id, "store_id": evidence.ids[at],
            "weight": float(near.weight[at]), "distance": float(near.distance[at]),
            **{name: float(part[at]) if np.isfinite(part[at]) else None
               for name, part in values.items()},
        }  # fmt: skip


def assumptions(setting: Setting, inputs: Mapping[str, Input]) -> Iterator[Row]:
    """Every input, and the policy."""
    candidate, policy = setting.candidate, setting.policy
    rows: list[Row] = [
        {
            "input": each.name, "store_id": each.store_id, "value": each.likely, "low": each.low,
            "high": each.high, "unit": each.unit, "origin": each.origin, "source": each.source,
            "as_of": each.as_of, "owner": each.owner, "grade": each.grade,
        }
        for each in inputs.values()
    ]  # fmt: skip
    own = candidate.policy
    for name, value, unit, given in (
        ("horizon_months", policy.horizon, "months", candidate.horizon_months),
        ("open_probability", policy.open_probability, "rate", own.open_probability),
        ("pilot_probability", policy.pilot_probability, "rate", own.pilot_probability),
    ):
        source = "channelscope.toml" if given is None else None
        rows.append({
            "input": name, "value": value, "low": value, "high": value, "unit": unit,
            "origin": "policy", "source": source, "owner": candidate.owner, "grade": "C",
        })  # fmt: skip
    for position, row in enumerate(rows, start=1):
        yield {"candidate_id": candidate.store_id, "position": position, **row}


def checkpoints(setting: Setting, futures: Futures, found: Outcome) -> Iterator[Row]:
    """When to look again: sales at which it is stopped or scaled, and losses that are too much."""
    if not is_known(found):
        return
    policy, pays = setting.policy, found.contribution >= 0
    sales = np.cumsum(found.by_month(futures.grown)[0] * found.net[:, None], axis=1)
    for month in (look for look in LOOKS if look < found.horizon):
        # Single months lie off: three of them tell less of a store than twelve.
        luck = student(levels(f"look {month}", draws=futures.draws, seed=month), futures.draws)
        off = setting.evidence.month_noise / np.sqrt(month)
        so_far = sales[:, month - 1] * np.exp(off * luck)
        stop = _limit(so_far, pays, policy.pilot_probability)
        scale = _limit(so_far, pays, policy.open_probability)
        look: Row = {
            "candidate_id": setting.candidate.store_id, "month": month,
            "look_on": later(setting.candidate.opens_on, month),
        }  # fmt: skip
        for rule, side, limit in (("stop", "below", stop), ("scale", "above", scale)):
            if limit is not None:
                yield {**look, "rule": rule, "metric": "sales", "side": side, "unit": "money",
                       "limit_value": limit[0], "p_payback": limit[1]}  # fmt: skip
        most = break_even_share(found)
        if month in LOOKS[:2] and most is not None and 0 < most < 1:
            yield {**look, "rule": "stop", "metric": "diverted", "side": "above", "unit": "rate",
                   "limit_value": most, "p_payback": None}  # fmt: skip


def _limit(so_far: Floats, pays: Bools, wanted: float) -> tuple[float, float] | None:
    """Sales at which the probability to pay back reaches so much, and that probability.

    Read from futures with about such sales. None where it is reached at all sales or at none: then
    they decide nothing.
    """
    order = np.argsort(so_far, kind="stable")
    width = max(int(NEIGHBOURS * len(order)), 1)
    sums = np.cumsum(np.concatenate(([0.0], pays[order])))
    near = (sums[width:] - sums[:-width]) / width
    reached = np.flatnonzero(near >= wanted)
    if not len(reached) or reached[0] == 0:
        return None
    first = int(reached[0])
    return float(so_far[order[first + width // 2]]), float(near[first])
