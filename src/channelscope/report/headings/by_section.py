"""The finding each section opens with."""

from __future__ import annotations

from collections import Counter
from math import log

from channelscope.domain import Rung
from channelscope.registry import METRIC_OF_RUNG
from channelscope.report.charts.canvas import Row
from channelscope.report.facts import Facts, is_shaded, is_small, is_sure
from channelscope.results import Message
from channelscope.stats.adjustment import LEVEL


def product(facts: Facts) -> Message | None:
    """How many products are sold in one store only, counted over the exclusive intersections."""
    total = sum(row["skus"] for row in facts.rows("sku_intersections"))
    exclusive = facts.known("exclusive_skus")
    if not total or not exclusive:
        return Message("heading.product.plain")
    alone = int(sum(exclusive.values()))
    if alone == 0:
        return Message("heading.product.none_exclusive", {"count_shared": total})
    return Message("heading.product.exclusive", {"n": alone, "count_shared": total - alone})


def price(facts: Facts) -> Message | None:
    """The store furthest from the reference among those that are shown to differ."""
    rows = told_prices(facts)
    if not rows:
        return Message("heading.price.not_told")
    apart = [row for row in rows if row["side"]]
    if not apart:
        kind = "weeks" if any(row["outcome_reason"] in FEW_WEEKS for row in rows) else "same"
        return Message(f"heading.price.{kind}", {"reference": facts.reference_id})
    far = max(apart, key=lambda row: (abs(row["value"] - 100), row["store_id"]))
    side = "below" if far["value"] < 100 else "above"
    same_side = [row for row in apart if (row["value"] < 100) == (far["value"] < 100)]
    message = Message(f"heading.price.{side}", {
        "n": len(same_side), "reference": facts.reference_id, "store": far["store_id"],
        "level": far["value"],
    })  # fmt: skip
    return _tied(message, same_side, far, facts)


def _tied(message: Message, same_side: list[Row], far: Row, facts: Facts) -> Message:
    """The message, naming all stores that cannot be told from the furthest."""
    level = METRIC_OF_RUNG[far["rung"]]
    tied = [
        row for row in same_side
        if row is far or not facts.are_apart(level, row["store_id"], far["store_id"])
    ]  # fmt: skip
    if len(tied) == 1:
        return message
    stores = [row["store_id"] for row in tied]
    digits = 1 if abs(far["value"] - 100) >= _TENTHS_FROM else 2
    written = {round(row["value"], digits) for row in tied}
    form = "tied" if len(written) == 1 else "tied_up_to"
    return Message(f"{message.key}.{form}", {**message.params, "stores": stores})


_TENTHS_FROM = 9.995
"""Gaps from this percentage on are written with one decimal, smaller ones with two."""


FEW_WEEKS = ("reason.luck_of_weeks", "reason.too_few_weeks")
"""Why a store whose products lie apart is not told apart."""
_RUNGS = (Rung.REALISED, Rung.ONE_PIECE, Rung.ACTIVITY, Rung.LIST)
"""The rungs on which stores are told apart, the one that says most first."""


def told_prices(facts: Facts) -> list[Row]:
    """The other stores on the first rung on which any can be told, each with its `side`."""
    rows = [
        row
        for row in facts.rows("price_forest")
        if row["store_id"] != facts.reference_id and row["value"] is not None
    ]
    for rung in _RUNGS:
        mine = [row for row in rows if row["rung"] == rung]
        sided = [{**row, "side": facts.side(METRIC_OF_RUNG[rung], row["store_id"])} for row in mine]
        told = [row for row in sided if row["side"] is not None]
        if told:
            return told
    return []


def promotion(facts: Facts) -> Message | None:
    """The store whose discounts are shown to be deeper than the reference's."""
    depths = facts.known("depth")
    sides = {store: facts.side("depth", store) for store in facts.others()}
    if all(side is None for side in sides.values()):
        return Message("heading.promotion.not_told", {"reference": facts.reference_id})
    deeper = [store for store, side in sides.items() if side == 1]
    if not deeper:
        return Message("heading.promotion.same", {"reference": facts.reference_id})
    store = max(deeper, key=lambda one: (depths[one], one))
    return Message("heading.promotion.deeper", {
        "store": store, "rate": depths[store], "reference": facts.reference_id,
        "rate_reference": depths[facts.reference_id],
    })  # fmt: skip


def sales(facts: Facts) -> Message | None:
    """The factor with the largest sure bar in most stores; without, the store that sells most."""
    largest: dict[str, tuple[float, str]] = {}
    for row in facts.rows("sales_decomposition"):
        effect = abs(row["effect"] or 0.0) if is_sure(row) else 0.0
        if effect > largest.get(row["store_id"], (0.0, ""))[0]:
            largest[row["store_id"]] = (effect, row["factor"])
    if largest:
        counts = Counter(factor for _, factor in largest.values())
        factor, n = max(counts.items(), key=lambda item: (item[1], item[0]))
        return Message("heading.sales.factor", {
            "factor": factor, "n": n, "m": len(largest), "reference": facts.reference_id,
        })  # fmt: skip
    known = facts.known("sales")
    if not known:
        return Message("heading.sales.not_told")
    store = max(known, key=lambda one: (known[one], one))
    total = sum(known.values())
    return Message("heading.sales.largest", {
        "store": store, "money": known[store], "share": known[store] / total if total else 0.0,
    })  # fmt: skip


def service(facts: Facts) -> Message | None:
    """The stores shown to be worse on at least one measure, in its own direction."""
    worse = [store for store in facts.others() if worse_metrics(facts, store)]
    told = any(
        facts.side(metric, store) is not None
        for store in facts.others()
        for metric in service_metrics(facts)
    )
    if not told:
        return Message("heading.service.not_told", {"reference": facts.reference_id})
    if not worse:
        return Message("heading.service.same", {"reference": facts.reference_id})
    return Message("heading.service.lower", {
        "n": len(worse), "reference": facts.reference_id, "stores": worse,
    })  # fmt: skip


def service_metrics(facts: Facts) -> list[str]:
    """The service metrics of this run, in the order of the table."""
    table = facts.table("metrics")
    if not table.height:
        return []
    names = table.filter(table["dimension"] == "service")["metric"]
    return names.unique(maintain_order=True).to_list()


def worse_metrics(facts: Facts, store: str) -> list[str]:
    """The service metrics on which a store is shown to be worse than the reference."""
    found = []
    for metric in service_metrics(facts):
        better = facts.metric(metric)[store]["better"] if store in facts.metric(metric) else None
        bad = {"higher": -1, "lower": 1}.get(str(better))
        if bad is not None and facts.side(metric, store) == bad:
            found.append(metric)
    return found


def consumers(facts: Facts) -> Message | None:
    """Pairs whose interval of shared buyers lies above chance, else those below it."""
    rows = facts.rows("buyer_overlap")
    if not rows:
        return None
    told = [row for row in rows if row["lo"] is not None]
    if not told:
        return Message("heading.consumers.not_told")
    sure = [row for row in told if row["p_adjusted"] is not None and row["p_adjusted"] <= LEVEL]
    above, below = [r for r in sure if r["lo"] > 1], [r for r in sure if r["hi"] < 1]
    if not above and not below:
        return Message("heading.consumers.same")
    side, apart = ("more", above) if above else ("fewer", below)
    far = max(apart, key=lambda row: (abs(log(row["lift"])), row["intersection"]))
    return Message(f"heading.consumers.{side}", {
        "m": len(told), "n": len(apart), "stores": far["intersection"], "ratio": far["lift"],
    })  # fmt: skip


def matrix(facts: Facts) -> Message | None:
    """The store with most shaded cells in the matrix."""
    apart: Counter[str] = Counter()
    compared: Counter[str] = Counter()
    for row in facts.rows("five_dimensions"):
        if row["apart"] is not None and not is_small(row):
            compared[row["store_id"]] += 1
            apart[row["store_id"]] += is_shaded(row)
    if not any(apart.values()):
        return Message("heading.matrix.same", {"reference": facts.reference_id})
    store = max(apart, key=lambda one: (apart[one], one))
    return Message("heading.matrix.apart", {
        "store": store, "reference": facts.reference_id, "n": apart[store], "m": compared[store],
    })  # fmt: skip
