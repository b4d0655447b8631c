"""Every input of a candidate: from the data where a word asks them to tell, else as declared."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date

import numpy as np

from channelscope.candidate import Guess
from channelscope.decision.futures import Input
from channelscope.decision.nearest import LEAST_STORES, Told, told
from channelscope.decision.openings import growth
from channelscope.decision.setting import PLANNED, Setting
from channelscope.errors import ConfigError
from channelscope.estimates import Floats
from channelscope.stats.ranges import HIGH, LOW, student

WIDE = 2.32
"""Standard errors to the ends of a range of two triangles whose inner 80 percent are a normal's."""


def inputs(setting: Setting) -> Mapping[str, Input]:
    """All inputs by key, in the order of the register."""
    found = (
        *_demand(setting), *_price(setting), *_growth(setting), *_losses(setting),
        *_fees(setting), *_costs(setting),
    )  # fmt: skip
    return {each.key: each for each in found}


def declared(setting: Setting, name: str, guess: Guess, unit: str, **more: object) -> Input:
    """An input as the candidate's file has it."""
    return Input(
        name, unit, guess.likely, guess.low, guess.high, "declared", "C",
        source=guess.source or str(more.get("source") or "") or None,
        owner=guess.owner or setting.candidate.owner,
        as_of=more.get("as_of") if isinstance(more.get("as_of"), date) else None,  # type: ignore[arg-type]
    )  # fmt: skip


def from_nearest(name: str, unit: str, found: Told, *, grade: str = "B") -> Input:
    """An input told by the nearest stores, as wide as they were off on one another."""
    ends = student([LOW, HIGH], found.freedom)
    low, high = (found.value * float(np.exp(found.error * end)) for end in ends)
    return Input(
        name, unit, found.value, low, high, "nearest", "C" if found.is_strange else grade,
        source="reason.platform_without_store" if found.is_strange else None,
        error=found.error, freedom=found.freedom,
    )  # fmt: skip


def _of(setting: Setting, name: str, guess: Guess, unit: str, values: Floats) -> Input:
    """Declared, or told by the nearest stores."""
    if guess.word is None:
        return declared(setting, name, guess, unit)
    candidate = setting.candidate
    found = told(values, setting.near, setting.evidence, candidate.platform)
    if found is None:
        raise _cannot(setting, f"demand.{name}", f"fewer than {LEAST_STORES} stores know it")
    return from_nearest(name, unit, found)


def _cannot(setting: Setting, key: str, why: str) -> ConfigError:
    return ConfigError(
        f"the workspace cannot tell it: {why}",
        where=f"{setting.candidate.store_id}: {key}",
        expected="a number or a range",
        advice="declare { low = ..., likely = ..., high = ... } instead of a word in quotes",
    )


def _demand(setting: Setting) -> Iterator[Input]:
    asked, evidence = setting.candidate.demand, setting.evidence
    if asked.visitors.word is not None:
        if asked.conversion.word is None:
            raise _cannot(
                setting, "demand.visitors", "sales like the nearest stores' need no conversion;"
                " a conversion needs visitors"
            )  # fmt: skip
        for name, found in setting.sales.items():
            if found is None:
                goods = "goods" if name == PLANNED else f"free.goods.{name}"
                why = f"fewer than {LEAST_STORES} stores sell enough of what {goods} lists"
                raise _cannot(setting, "demand.visitors", why)
        planned = setting.sales[PLANNED]
        assert planned is not None
        yield from_nearest("monthly_sales", "money", planned)
    else:
        yield declared(setting, "visitors", asked.visitors, "count")
        conversion = evidence.metric("conversion")
        yield _of(setting, "conversion", asked.conversion, "rate", conversion)
    yield _of(setting, "order_value", asked.order_value, "money", evidence.order_value)
    yield _of(setting, "refund_share", asked.refund_share, "rate", evidence.refund_share)


def _price(setting: Setting) -> Iterator[Input]:
    candidate = setting.candidate
    if candidate.price.level is not None:
        yield declared(setting, "price_level", candidate.price.level, "index")
    else:
        exact = Guess(low=setting.level, likely=setting.level, high=setting.level)
        yield declared(setting, "price_level", exact, "index")
    yield declared(setting, "price_elasticity", candidate.demand.price_elasticity, "ratio")
    plan = setting.plan.discount
    yield Input("discount_share", "rate", plan.likely, plan.likely, plan.likely, "measured", "B")
    if any(position.discount.low < position.discount.high for position in setting.positions):
        yield Input("eligible_share", "rate", 0.5, 0.0, 1.0, "declared", "C",
                    source="reason.eligible_unknown", owner=candidate.owner)  # fmt: skip
    exclusive = setting.plan.offer.exclusive
    if candidate.goods.exclusive_share is not None:
        yield declared(setting, "exclusive_share", exclusive, "rate")
    else:
        yield Input("exclusive_share", "rate", exclusive.likely, exclusive.low, exclusive.high,
                    "measured", "A")  # fmt: skip


def _growth(setting: Setting) -> Iterator[Input]:
    asked = setting.candidate.demand
    pairs = (
        ("start_share", asked.start_share, "rate"),
        ("ramp_up_months", asked.ramp_up_months, "months"),
    )
    seen = growth(setting.evidence)
    names = ", ".join(seen.openings) if seen else ""
    read = (seen.start_share, seen.months) if seen else (None, None)
    for (name, guess, unit), told_by in zip(pairs, read, strict=True):
        if guess.word is None:
            yield declared(setting, name, guess, unit)
        elif told_by is None:
            raise _cannot(setting, f"demand.{name}", "no store was seen from its opening on")
        else:
            yield Input(name, unit, told_by.likely, told_by.low, told_by.high, "openings", "B",
                        source=names)  # fmt: skip


def _losses(setting: Setting) -> Iterator[Input]:
    asked, evidence = setting.candidate.losses, setting.evidence
    opening = setting.opening
    yield declared(setting, "diversion_at_full_overlap", asked.at_full_overlap, "rate")
    if any(store.platform != setting.candidate.platform for store in evidence.stores):
        yield declared(setting, "other_platforms", asked.other_platforms, "rate")
    known = opening[0].share if opening else np.full(len(evidence.ids), np.nan)
    for store in np.array(evidence.ids)[~np.isfinite(known)].tolist():
        yield replace(declared(setting, "split", asked.split, "ratio"), store_id=store)
    if opening is not None:
        yield declared(setting, "carry_over", asked.carry_over, "ratio")
        past = opening[0]
        for store, share, error in zip(evidence.ids, past.share, past.error, strict=True):
            if np.isfinite(share):
                half = WIDE * float(error)
                yield Input("diversion_share", "rate", float(share), float(share) - half,
                            float(share) + half, "openings", "B", store_id=store,
                            source=past.store.store_id)  # fmt: skip
    yield from _losing_margins(setting)


def _losing_margins(setting: Setting) -> Iterator[Input]:
    """What a lost sale left: as measured; where it is not, anything between those that are."""
    evidence = setting.evidence
    known = evidence.losing_margin[np.isfinite(evidence.losing_margin)]
    for store, margin in zip(evidence.ids, evidence.losing_margin, strict=True):
        if np.isfinite(margin):
            value = float(margin)
            yield Input("losing_margin", "rate", value, value, value, "measured", "A",
                        store_id=store)  # fmt: skip
        elif len(known):
            low, likely, high = (float(np.quantile(known, q)) for q in (0.0, 0.5, 1.0))
            yield Input("losing_margin", "rate", likely, low, high, "nearest", "C",
                        store_id=store, source="reason.margin_of_others")  # fmt: skip
        else:
            yield Input("losing_margin", "rate", None, None, None, "measured", "C",
                        store_id=store, source="reason.no_costs")  # fmt: skip


def _fees(setting: Setting) -> Iterator[Input]:
    fees = setting.candidate.platform_fees
    for name, guess, unit in (
        ("commission", fees.commission, "rate"), ("payment_fee", fees.payment_fee, "rate"),
        ("annual_fee", fees.annual_fee, "money"), ("deposit", fees.deposit, "money"),
    ):  # fmt: skip
        yield declared(setting, name, guess, unit, source=fees.source, as_of=fees.as_of)


def _costs(setting: Setting) -> Iterator[Input]:
    costs = setting.candidate.costs
    if costs.product_cost.word is None:
        yield declared(setting, "product_cost", costs.product_cost, "rate")
    else:
        found = setting.cost[PLANNED]
        if found is None:
            yield Input("product_cost", "rate", None, None, None, "measured", "C",
                        source="reason.no_costs")  # fmt: skip
        else:
            yield from_nearest("product_cost", "rate", found)
    for name, guess, unit in (
        ("fulfilment", costs.fulfilment, "money"), ("affiliate", costs.affiliate, "rate"),
        ("advertising", costs.advertising, "money"), ("staff", costs.staff, "money"),
        ("content", costs.content, "money"), ("set_up", costs.set_up, "money"),
        ("capital_cost", costs.capital_cost, "rate"),
    ):  # fmt: skip
        yield declared(setting, name, guess, unit)
