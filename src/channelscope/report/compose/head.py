"""The head of the report and its summary."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

from channelscope.report.compose.speaker import Speaker
from channelscope.report.context import Fact, GradeCount, Head, Kpi, Link, Summary, SummaryRow

_ROWS = 5
_SHOWN_BY = {
    "lift": "lift", "thresholds": "thresholds", "basket_prices": "basket_prices",
    "cheapest_baskets": "basket_prices", "broken_thresholds": "basket_prices",
    "clashes": "clashes", "clash_pairs": "clashes", "openings": "source_of_volume",
    "out_of_region_share": "out_of_region", "out_of_region": "out_of_region",
    "price_level": "price_forest", "one_piece_level": "price_forest", "bridge":
    "sales_decomposition", "depth": "mechanism_mix", "mechanisms": "mechanism_mix",
    "conversion": "five_dimensions", "refund_share": "refund_cohorts",
    "exclusive_sales_share": "sku_intersections", "assortment_pairs": "sku_intersections",
    "own_breach_share": "price_order", "platform_gap_share": "price_order",
    "below_suggested_share": "price_order", "reconciled_share": "reconcile",
    "reconcile": "reconcile", "unreconciled": "reconcile", "idle_promotions": "reconcile",
    "verdicts": "pair_verdicts", "pairs": "pair_verdicts", "exchange": "buyer_switches",
    "diversion": "diversion", "segments": "segment_shares",
}  # fmt: skip
"""Which figure shows a metric or a result table that a finding rests on."""
_SERVICE = "service_levels"
"""The figure of all metrics of service."""
_GRADES = ("A", "B", "C")


def head(speaker: Speaker) -> Head:
    """What the report is about; its title is the first finding."""
    words, results = speaker.words, speaker.facts.results
    period = words.numbers.span(results.scope.period.first, results.scope.period.last)
    kick = " · ".join([words.text("page.kind"), period, *_scope(speaker)])
    findings = _findings(speaker)
    title = _say(speaker, findings[0], "title") if findings else words.text("title.none")
    return Head(kick, title, _facts(speaker), _grades(speaker, findings), notice(speaker))


def notice(speaker: Speaker) -> str:
    """What the author left out of this copy; empty where it is the whole."""
    words, redacted = speaker.words, speaker.facts.results.meta.redacted
    if not redacted:
        return ""
    return words.text(
        "redacted.notice", parts=words.sentences([words.text(f"redacted.{p}") for p in redacted])
    )


def _scope(speaker: Speaker) -> list[str]:
    """How many stores on how many platforms, or how many groups."""
    words, results = speaker.words, speaker.facts.results
    stores, group = results.scope.stores, results.meta.group_by
    if group:
        by = words.text(f"group.{group}")
        return [words.message("header.groups", {"n": len(stores), "group": by})]
    platforms = len({store.platform for store in stores})
    counts = (("header.stores", len(stores)), ("header.platforms", platforms))
    said = [words.message(key, {"n": n}) for key, n in counts]
    return [text.replace(" ", "\u00a0") for text in said]


def _facts(speaker: Speaker) -> tuple[Fact, ...]:
    words, results = speaker.words, speaker.facts.results
    meta = results.meta
    reference = speaker.store_mark(results.scope.reference_id)
    lines = words.text("header.no_lines")
    if meta.rows_in:
        period = meta.rows_analysed + meta.rows_excluded.get("is_excluded", 0)
        lines = words.text(
            "header.lines", count=words.numbers.plain(meta.rows_analysed),
            total=words.numbers.plain(meta.rows_in),
            share=words.numbers.value(meta.rows_analysed / max(period, 1), "rate"),
        )  # fmt: skip
    facts = [
        Fact(words.text("header.reference"), f"{reference.text} {reference.detail}".strip()),
        Fact(words.text("header.basis"), words.text(f"basis.{meta.basis}")),
        Fact(words.text("header.data_to"), results.scope.data_end.isoformat()),
        Fact(words.text("header.analysed"), lines),
    ]
    return tuple(facts)


def _findings(speaker: Speaker) -> list[dict[str, Any]]:
    table = speaker.facts.table("findings")
    return table.sort("rank").to_dicts() if table.height else []


def _say(speaker: Speaker, finding: dict[str, Any], part: str) -> str:
    key = f"finding.{finding['template']}.{part}"
    return speaker.words.message(key, json.loads(finding["parameters"] or "{}"))


def _grades(speaker: Speaker, findings: list[dict[str, Any]]) -> tuple[GradeCount, ...]:
    counts = Counter(finding["grade"] for finding in findings)
    words = speaker.words
    return tuple(
        GradeCount(grade, words.numbers.plain(counts[grade]), words.text(f"grade.{grade}"))
        for grade in _GRADES
        if counts[grade]
    )


def summary(speaker: Speaker) -> Summary:
    """Up to five numbers and up to five findings."""
    rows = tuple(_row(speaker, finding) for finding in _findings(speaker)[:_ROWS])
    kpis = (_sales(speaker), _price(speaker), _conversion(speaker), _exclusive(speaker),
            _refunds(speaker))  # fmt: skip
    return Summary(tuple(kpi for kpi in kpis if kpi is not None), rows)


def _row(speaker: Speaker, finding: dict[str, Any]) -> SummaryRow:
    words, grade = speaker.words, finding["grade"] or "C"
    # Of stores whose sales are not known the gap's worth is not known either.
    worth = finding["money"] and f"finding.{finding['template']}.money" in words.texts
    return SummaryRow(
        title=_say(speaker, finding, "title"),
        detail=_say(speaker, finding, "detail"),
        links=_evidence(speaker, finding),
        grade=grade,
        grade_meaning=words.text(f"grade.{grade}"),
        so_what=_say(speaker, finding, "so_what"),
        money=_say(speaker, finding, "money") if worth else "",
        do_what=_say(speaker, finding, "do_what"),
    )


def _evidence(speaker: Speaker, finding: dict[str, Any]) -> tuple[Link, ...]:
    """Links to the figures that show what a finding's evidence names: metrics and result tables."""
    shown = {data.figure.name: data.figure.figure_id for data in speaker.facts.results.figures}
    words = [word for word in (finding["evidence"] or "").split(",") if word]
    other = _SERVICE if finding["dimension"] == "service" else ""
    names = [_SHOWN_BY.get(word, other) for word in words]
    if finding["template"].startswith("year_"):
        names = ["year_bridge"]
    ids = dict.fromkeys(shown[name] for name in names if name in shown)
    return tuple(speaker.figure_link(figure_id) for figure_id in ids)


def _sales(speaker: Speaker) -> Kpi | None:
    known, growth = speaker.facts.known("sales"), speaker.facts.known("growth")
    if not known:
        return None
    words = speaker.words
    total = sum(known.values())
    caption = words.message(speaker.variant("kpi.sales.stores"), {"n": len(known)})
    if set(growth) == set(known) and all(rate > -1 for rate in growth.values()):
        before = sum(value / (1 + growth[store]) for store, value in known.items())
        change = words.numbers.value(total / before - 1, "rate") if before else ""
        signed = change if change.startswith("\u2212") else f"+{change}"
        caption = words.text("kpi.sales.caption", change=signed)
    return Kpi(words.text("kpi.sales"), words.numbers.value(total, "money"), caption)


def _price(speaker: Speaker) -> Kpi | None:
    facts, words = speaker.facts, speaker.words
    levels = {s: v for s, v in facts.known("price_level").items() if s != facts.reference_id}
    metric = "price_level"
    if not levels:
        metric = "one_piece_level"
        levels = {s: v for s, v in facts.known(metric).items() if s != facts.reference_id}
    if not levels:
        return None
    store = min(levels, key=lambda one: (levels[one], one))
    row = facts.metric(metric)[store]
    bounds = words.numbers.bounds(row["value"], row["lo"], row["hi"], "index")
    # Of stores that cannot be told apart none is the lowest.
    tied = [s for s in levels if s == store or not facts.are_apart(metric, s, store)]
    caption = words.text(
        "kpi.price.caption", store=words.store_list(tied), reference=speaker.reference,
        bounds=bounds,
    )  # fmt: skip
    return Kpi(
        words.text("kpi.price"), words.numbers.value(levels[store], "index"), caption.strip()
    )


def _conversion(speaker: Speaker) -> Kpi | None:
    facts, words = speaker.facts, speaker.words
    known = facts.known("conversion")
    base = known.get(facts.reference_id)
    if len(known) < 2 or base is None:
        return None
    low, high = (pick(known, key=lambda s: (known[s], s)) for pick in (min, max))
    ends = [words.numbers.value(known[store], "rate") for store in (low, high)]
    span = f"{ends[0].removesuffix('%')}–{ends[1]}"
    inner = facts.reference_id not in (low, high)
    caption = words.text(
        "kpi.range.reference" if inner else "kpi.range", store_low=words.store(low),
        store_high=words.store(high), reference=speaker.reference,
        value=words.numbers.value(base, "rate"),
    )  # fmt: skip
    return Kpi(words.text(speaker.variant("kpi.conversion")), span, caption)


def _exclusive(speaker: Speaker) -> Kpi | None:
    facts, words = speaker.facts, speaker.words
    known = facts.known("exclusive_skus")
    total = sum(row["skus"] for row in facts.rows("sku_intersections"))
    if not known or not total:
        return None
    value = words.numbers.value(sum(known.values()), "count")
    return Kpi(
        words.text(speaker.variant("kpi.exclusive")),
        value,
        words.message("kpi.exclusive.caption", {"n": total}),
    )


def _refunds(speaker: Speaker) -> Kpi | None:
    facts, words = speaker.facts, speaker.words
    known = facts.known("refund_share")
    base = known.get(facts.reference_id)
    if not known or base is None:
        return None
    store = max(known, key=lambda one: (known[one], one))
    caption = words.text(
        "kpi.against", store=words.store(store), reference=speaker.reference,
        value=words.numbers.value(base, "rate"),
    )  # fmt: skip
    return Kpi(words.text("kpi.refund"), words.numbers.value(known[store], "rate"), caption)
