"""The message each figure carries: what its own rows show, no more."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date, timedelta

from channelscope.domain import Outcome
from channelscope.report.charts.canvas import Row
from channelscope.report.charts.promotion_calendar import WEEKS
from channelscope.report.facts import Facts
from channelscope.report.headings.by_section import (
    FEW_WEEKS,
    service_metrics,
    told_prices,
    worse_metrics,
)
from channelscope.results import Message


def sku_intersections(facts: Facts) -> Message | None:
    """The largest set of stores that sell the same products."""
    named = [row for row in facts.rows("sku_intersections") if row["intersection"] != "other"]
    if not named:
        return None
    top = max(named, key=lambda row: (row["skus"], row["intersection"]))
    stores = top["intersection"].split("+")
    if len(stores) == 1:
        return Message("heading.sku_intersections.one", {"count": top["skus"], "store": stores[0]})
    return Message("heading.sku_intersections.several", {
        "count": top["skus"], "count_stores": len(stores), "stores": stores,
    })  # fmt: skip


def category_mix(facts: Facts) -> Message | None:
    """The category whose share differs most from the reference's."""
    rows = facts.rows("category_mix")
    base = {r["category"]: r["share"] or 0.0 for r in rows if r["store_id"] == facts.reference_id}
    others = [r for r in rows if r["store_id"] != facts.reference_id and r["share"] is not None]
    if not base or not others:
        return None

    def gap(row: Row) -> float:
        return abs(float(row["share"]) - float(base.get(row["category"], 0.0)))

    far = max(others, key=lambda row: (gap(row), row["store_id"], row["category"] or ""))
    return Message("heading.category_mix.gap", {
        "category": far["category"], "store": far["store_id"], "share": far["share"],
        "reference": facts.reference_id, "share_reference": base.get(far["category"], 0.0),
    })  # fmt: skip


def price_forest(facts: Facts) -> Message | None:
    """How many stores are shown to lie below 100, on which rung."""
    rows = told_prices(facts)
    if not rows:
        return None
    rung = rows[0]["rung"]
    below = [r for r in rows if r["side"] == -1]
    if not below:
        kind = "weeks" if any(row["outcome_reason"] in FEW_WEEKS for row in rows) else "same"
        return Message(f"heading.price_forest.{kind}", {"rung": rung})
    return Message("heading.price_forest.below", {"n": len(below), "m": len(rows), "rung": rung})


def price_ladder(facts: Facts) -> Message | None:
    """The store that has the lowest price on most of the items shown."""
    lowest: dict[str, Row] = {}
    for row in facts.rows("price_ladder"):
        best = lowest.get(row["sku"])
        if row["ratio"] is not None and (best is None or row["ratio"] < best["ratio"]):
            lowest[row["sku"]] = row
    counts = Counter(row["store_id"] for row in lowest.values())
    if not counts:
        return None
    store, n = max(counts.items(), key=lambda item: (item[1], item[0]))
    return Message("heading.price_ladder.lowest", {"store": store, "n": n, "m": len(lowest)})


def mechanism_mix(facts: Facts) -> Message | None:
    """The first store with another main mechanism among those shown to promote otherwise."""
    main: dict[str, Row] = {}
    for row in facts.rows("mechanism_mix"):
        share = row["share_of_discount"]
        if share is None or row["mechanism"] in ("none", "unexplained"):
            continue
        if share > main.get(row["store_id"], {"share_of_discount": 0.0})["share_of_discount"]:
            main[row["store_id"]] = row
    base = main.get(facts.reference_id)
    if base is None:
        return None
    others = [row for row in main.values() if row["mechanism"] != base["mechanism"]]
    if not others:
        return Message("heading.mechanism_mix.same", {"mechanism": base["mechanism"]})
    different = [
        row for row in others if facts.pair_outcome("promotion", row["store_id"]) == Outcome.DIFFERS
    ]
    if not different:
        return None
    return Message("heading.mechanism_mix.differs", {
        "store": different[0]["store_id"], "mechanism": different[0]["mechanism"],
        "share": different[0]["share_of_discount"], "reference": facts.reference_id,
        "mechanism_reference": base["mechanism"], "share_reference": base["share_of_discount"],
    })  # fmt: skip


def promotion_calendar(facts: Facts) -> Message | None:
    """The store with activities on most of the days shown."""
    rows = facts.rows("promotion_calendar")
    if not rows:
        return None
    period = facts.results.scope.period
    start = max(period.first, period.last - timedelta(days=7 * WEEKS - 1))
    shown = (period.last - start).days + 1
    days: dict[str, set[date]] = defaultdict(set)
    for row in rows:
        first = max(row["first_day"], start)
        span = (row["last_day"] - first).days + 1
        days[row["store_id"]] |= {first + timedelta(days=at) for at in range(span)}
    most = max(len(mine) for mine in days.values())
    busiest = [store for store, mine in days.items() if len(mine) == most]
    if len(busiest) > 1:
        return Message("heading.promotion_calendar.several", {
            "n": len(busiest), "count": most, "count_days": shown,
        })  # fmt: skip
    return Message("heading.promotion_calendar.most", {
        "store": busiest[0], "n": most, "count_days": shown,
    })  # fmt: skip


def weekly_sales(facts: Facts) -> Message | None:
    """The peak week of all stores together."""
    rows = facts.rows("weekly_sales")
    rows = [r for r in rows if r["store_id"] == "all" and r["level"] is not None]
    if not rows:
        return None
    peak = max(rows, key=lambda row: (row["level"], row["week_start"]))
    return Message("heading.weekly_sales.peak", {
        "day": peak["week_start"], "ratio": peak["level"] / 100,
    })  # fmt: skip


def cart_rate_by_source(facts: Facts) -> Message | None:
    """The widest gap to the reference."""
    rows = [
        row
        for row in facts.rows("cart_rate_by_source")
        if row["store_id"] != facts.reference_id
        and row["cart_rate"] is not None
        and row["reference_cart_rate"] is not None
    ]
    if not rows:
        return None
    far = max(rows, key=lambda row: abs(row["cart_rate"] - row["reference_cart_rate"]))
    return Message("heading.cart_rate_by_source.gap", {
        "source": far["source"], "store": far["store_id"], "rate": far["cart_rate"],
        "reference": facts.reference_id, "rate_reference": far["reference_cart_rate"],
    })  # fmt: skip


def refund_cohorts(facts: Facts) -> Message | None:
    """The highest refunded share over settled months, of the stores shown to have more refunded."""
    refunded: dict[str, float] = defaultdict(float)
    sales: dict[str, float] = defaultdict(float)
    for row in facts.rows("refund_cohorts"):
        if not row["is_immature"] and row["refund_share"] is not None and row["sales"]:
            refunded[row["store_id"]] += row["refund_share"] * row["sales"]
            sales[row["store_id"]] += row["sales"]
    shares = {store: refunded[store] / sales[store] for store in sales if sales[store] > 0}
    if facts.reference_id not in shares:
        return None
    base = shares[facts.reference_id]
    more = [s for s in shares if facts.side("refund_share", s) == 1 and shares[s] > base]
    if not more:
        return None
    top = max(more, key=lambda store: (shares[store], store))
    return Message("heading.refund_cohorts.highest", {
        "store": top, "share": shares[top], "reference": facts.reference_id,
        "share_reference": base,
    })  # fmt: skip


def service_levels(facts: Facts) -> Message | None:
    """The measure on which most stores are shown to fall behind the reference."""
    if not service_metrics(facts):
        return None
    behind = Counter(metric for store in facts.others() for metric in worse_metrics(facts, store))
    if not behind:
        return Message("heading.service_levels.same", {"reference": facts.reference_id})
    metric = max(service_metrics(facts), key=lambda name: behind[name])
    n = behind[metric]
    told = [s for s in facts.others() if facts.side(metric, s) is not None]
    return Message("heading.service_levels.lower", {
        "metric": metric, "reference": facts.reference_id, "n": n, "m": len(told),
    })  # fmt: skip
