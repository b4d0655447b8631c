"""The recommendation and what would change it, from the futures of the planned position."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from channelscope.decision.futures import Futures, Input, likely
from channelscope.decision.outcome import Outcome, outcome
from channelscope.decision.setting import Policy, Position, Setting
from channelscope.estimates import Floats
from channelscope.stats.arrays import Bools
from channelscope.stats.opening_economics import (
    NEVER,
    break_even_diversion,
    break_even_sales,
    payback_month,
)
from channelscope.stats.ranges import HIGH, LOW, around

Row = dict[str, Any]
MOST_CHANGES = 6
THIRDS = (1 / 3, 2 / 3)
LOOKS = (3, 6, 12)
"""Months after the opening at which it is looked at again."""


def is_known(found: Outcome) -> bool:
    """Whether margins are known, of the candidate and of the stores that lose."""
    return bool(np.isfinite(found.contribution).all())


def says(policy: Policy, p_payback: float) -> str:
    """What the policy makes of a probability."""
    if p_payback >= policy.open_probability:
        return "open"
    return "pilot" if p_payback >= policy.pilot_probability else "do_not_open"


def recommendation(setting: Setting, futures: Futures, found: Outcome, best: str, seed: int) -> Row:
    """The row of a candidate."""
    candidate, policy = setting.candidate, setting.policy
    row: Row = {
        "candidate_id": candidate.store_id, "name": candidate.name, "kind": str(candidate.kind),
        "platform": candidate.platform, "opens_on": candidate.opens_on,
        "horizon_months": policy.horizon, "open_probability": policy.open_probability,
        "pilot_probability": policy.pilot_probability, "position": best,
        "draws": futures.draws, "seed": seed,
        **_range("sales", found.paid * found.net), **_range("diverted", found.diverted),
        "set_up": float(found.set_up.mean()), "deposit": float(futures["deposit"].mean()),
        "fixed": float(found.fixed.mean()),
    }  # fmt: skip
    if not is_known(found):
        return {**row, **_without_costs(found), "outcome_reason": "reason.no_costs"}
    return {**row, **_with_costs(policy, futures, found)}


def _with_costs(policy: Policy, futures: Futures, found: Outcome) -> Row:
    _, left = found.by_month(futures.grown)
    cumulative = np.cumsum(left, axis=1) - found.set_up[:, None]
    p_payback = float((found.contribution >= 0).mean())
    without = float((found.before_losses >= 0).mean())
    answer = says(policy, p_payback)
    trough = np.minimum(np.minimum(cumulative.min(axis=1), -found.set_up), 0)
    means = _means(found)
    row: Row = {
        "recommendation": answer, "p_payback": p_payback, "p_without_losses": without,
        "reason": _reason(policy, found, answer, without),
        **_range("contribution", found.contribution), **_range("margin", found.margin),
        **_range("losses", found.paid * found.lost), **_payback(cumulative),
        "at_risk": float(-np.quantile(trough, LOW)),
        "break_even_sales": _finite(break_even_sales(*means.values()) * found.net.mean()),
        "break_even_diversion": break_even_share(found),
    }  # fmt: skip
    return row


def _means(found: Outcome) -> dict[str, float]:
    """Fixed costs of a month with the set-up spread, margin, diverted share and lost margin."""
    spread = float((found.set_up - found.refunds.sum(axis=1)).mean()) / found.horizon
    share = float(found.diverted.mean())
    lost = float(found.lost.mean()) / share if share else 0.0
    return {"fixed": float(found.fixed.mean()) + spread, "margin": float(found.margin.mean()),
            "diverted": share, "lost": lost}  # fmt: skip


def break_even_share(found: Outcome) -> float | None:
    """The part of its sales from own stores with which it would add nothing."""
    means = _means(found)
    sales = float(found.paid.mean()) / found.horizon
    return _finite(break_even_diversion(sales, means["fixed"], means["margin"], means["lost"]))


def _reason(policy: Policy, found: Outcome, answer: str, without: float) -> str:
    if answer == "open":
        return "decision.pays_back"
    if float(found.margin.mean()) <= 0:
        return "decision.margin"
    if says(policy, without) != answer:
        return "decision.diversion"
    return "decision.may_pay_back" if answer == "pilot" else "decision.demand"


def _payback(cumulative: Floats) -> Row:
    """Month of payback; a quantile that lies beyond the horizon is not known."""
    months = payback_month(cumulative)
    reached = np.where(months == NEVER, np.inf, months)
    low, middle, high = np.quantile(reached, (LOW, 0.5, HIGH), method="inverted_cdf")
    names = ("payback_lo", "payback_month", "payback_hi")
    return {
        name: int(value) if np.isfinite(value) else None
        for name, value in zip(names, (low, middle, high), strict=True)
    }


def _without_costs(found: Outcome) -> Row:
    """The margin it needs, a sale lost elsewhere being worth as much; None: none is enough."""
    total = float((found.fixed * found.horizon + found.set_up - found.refunds.sum(axis=1)).mean())
    kept = float((found.paid * (1 - found.diverted)).mean())
    needed = total / kept if kept > 0 else np.inf
    return {"needed_margin": needed if needed <= 1 else None}


def _range(name: str, values: Floats) -> Row:
    mean, low, high = (float(part) for part in around(values))
    return {name: mean, f"{name}_lo": low, f"{name}_hi": high}


def _finite(value: object) -> float | None:
    number = float(np.asarray(value))
    return number if np.isfinite(number) else None


def tornado(setting: Setting, inputs: Mapping[str, Input], position: Position) -> Iterator[Row]:
    """Each uncertain input alone at both ends, all others at their likely value."""
    unsure = [each for each in inputs.values() if not each.is_sure]
    base = likely(inputs, setting.season, rows=2 * len(unsure) + 1)
    values = {key: array.copy() for key, array in base.values.items()}
    for at, each in enumerate(unsure):
        values[each.key][[2 * at, 2 * at + 1]] = each.at(np.array([LOW, HIGH]))
    found = outcome(setting, Futures(values, base.season), position).contribution
    rows: list[Row] = [
        {
            "candidate_id": setting.candidate.store_id, "input": each.key, "unit": each.unit,
            "likely": each.likely, "low": float(values[each.key][2 * at]),
            "high": float(values[each.key][2 * at + 1]), "base": float(found[-1]),
            "at_low": float(found[2 * at]), "at_high": float(found[2 * at + 1]),
            "swing": float(abs(found[2 * at + 1] - found[2 * at])),
        }
        for at, each in enumerate(unsure)
    ]  # fmt: skip
    rows.sort(key=lambda row: (-float(row["swing"]), row["input"]))
    yield from ({**row, "rank": rank} for rank, row in enumerate(rows, start=1))


def changes(
    setting: Setting, inputs: Mapping[str, Input], futures: Futures, pays: Bools
) -> Iterator[Row]:
    """What would have to be known for another answer: an input in its lower or upper third."""
    policy = setting.policy
    now = says(policy, float(pays.mean()))
    found: list[Row] = []
    for each in (one for one in inputs.values() if not one.is_sure):
        values = futures[each.key]
        limits = np.quantile(values, THIRDS)
        for side, limit, inside in (
            ("below", limits[0], values <= limits[0]), ("above", limits[1], values >= limits[1]),
        ):  # fmt: skip
            p_payback = float(pays[inside].mean())
            if says(policy, p_payback) != now:
                found.append({
                    "candidate_id": setting.candidate.store_id, "input": each.key,
                    "unit": each.unit, "side": side, "limit_value": float(limit),
                    "p_payback": p_payback, "recommendation": says(policy, p_payback),
                })  # fmt: skip
    now_p = float(pays.mean())
    found.sort(key=lambda row: (-abs(row["p_payback"] - now_p), row["input"]))
    for rank, row in enumerate(found[:MOST_CHANGES], start=1):
        yield {**row, "rank": rank}
