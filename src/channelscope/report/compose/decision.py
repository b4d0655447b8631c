"""The whole decision report in one language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from channelscope.report.charts.canvas import Row
from channelscope.report.compose import appendix, figures
from channelscope.report.compose.figures import Drawings
from channelscope.report.compose.speaker import Speaker, mark
from channelscope.report.context import (
    Answer,
    DecisionBody,
    Fact,
    FigurePart,
    Head,
    Kpi,
    Link,
    Section,
)
from channelscope.report.decision_words import (
    candidate_name,
    input_name,
    input_value,
    month_range,
    position_name,
)
from channelscope.report.headings import by_decision
from channelscope.report.looks import kind_look
from channelscope.report.numbers import MISSING
from channelscope.report.wording import Wording
from channelscope.results import FigureData

_SECTIONS: Mapping[str, tuple[str, ...]] = {
    "options": ("options", "positions"),
    "payback": ("payback_curve",),
    "tornado": ("tornado", "changes"),
    "own_losses": ("own_losses", "nearest"),
    "assumptions": ("assumptions",),
    "checkpoints": ("checkpoints",),
}
"""The sections in order, after the recommendation, and their figures."""
_METHODS = ("demand", "price", "losses", "growth", "money", "draws", "policy", "view", "limits")


def decision_body(
    speaker: Speaker, drawings: Drawings, at: int, *, generated_at: datetime
) -> DecisionBody:
    """All parts of the page, in reading order."""
    words, results = speaker.words, speaker.facts.results
    parts = tuple(
        _section(speaker, drawings, at, name, number)
        for number, name in enumerate(_SECTIONS, start=2)
    )
    links = [speaker.link("summary", words.text("decision.answer"))]
    links += [Link(f"#{part.anchor}", part.number) for part in parts]
    links.append(speaker.link("appendix", words.text("appendix.name")))
    return DecisionBody(
        code=words.language.value,
        lang=words.language.html,
        contents=tuple(links),
        head=_head(speaker),
        answers=tuple(_answer(speaker, row) for row in speaker.facts.rows("options")),
        sections=parts,
        rows=appendix.rows_read(speaker),
        warnings=tuple(words.message(m.key, m.params) for m in results.warnings),
        methods=tuple(words.text(f"decision.method.{name}") for name in _METHODS),
        queries=appendix.queries(speaker),
        footer=words.text(
            "page.footer", built=generated_at.strftime("%Y-%m-%d %H:%M UTC"),
            version=results.meta.version, seed=str(results.meta.seed), engine=results.meta.engine,
        ),
    )  # fmt: skip


def _head(speaker: Speaker) -> Head:
    words, results = speaker.words, speaker.facts.results
    rows = speaker.facts.rows("options")
    period = words.numbers.span(results.scope.period.first, results.scope.period.last)
    kick = " · ".join([
        words.text("decision.kind"), words.message("decision.candidates", {"n": len(rows)}),
    ])  # fmt: skip
    first = rows[0]
    policy = words.text(
        "decision.policy_said", open=words.numbers.value(first["open_probability"], "percent"),
        pilot=words.numbers.value(first["pilot_probability"], "percent"),
        months=str(first["horizon_months"]),
    )  # fmt: skip
    facts = (
        Fact(words.text("decision.opens_on"), words.numbers.day(first["opens_on"])),
        Fact(words.text("decision.policy"), policy),
        Fact(words.text("decision.data"), period),
        Fact(words.text("header.basis"), words.text(f"basis.{results.meta.basis}")),
    )
    message = by_decision.title(speaker.facts)
    return Head(kick, words.message(message.key, message.params), facts, ())


def _answer(speaker: Speaker, row: Row) -> Answer:
    words = speaker.words
    return Answer(
        mark=mark(kind_look(row["kind"]), candidate_name(row)),
        verdict=words.text(f"recommendation.{row['recommendation'] or 'unknown'}"),
        kpis=tuple(_kpis(speaker, row)),
        lines=tuple(_lines(speaker, row)),
    )


def _kpis(speaker: Speaker, row: Row) -> list[Kpi]:
    words, numbers = speaker.words, speaker.words.numbers
    months = str(row["horizon_months"])

    def ranged(name: str, unit: str) -> Kpi:
        bounds = numbers.bounds(row[name], row[f"{name}_lo"], row[f"{name}_hi"], unit)
        return Kpi(words.text(f"option.{name}"), numbers.value(row[name], unit), bounds)

    if row["p_payback"] is None:
        needed = words.text("option.no_margin_enough")
        if row["needed_margin"] is not None:
            needed = numbers.value(row["needed_margin"], "rate")
        return [
            Kpi(words.text("option.needed_margin"), needed, ""),
            ranged("sales", "money"), ranged("diverted", "rate"),
            Kpi(words.text("option.fixed"), numbers.value(row["fixed"], "money"), ""),
        ]  # fmt: skip
    return [
        Kpi(words.text("option.p_payback"), numbers.chance(row["p_payback"]),
            words.text("decision.within", months=months)),
        ranged("contribution", "money"),
        Kpi(words.text("option.at_risk"), numbers.value(row["at_risk"], "money"),
            words.text("decision.at_risk_note")),
        ranged("diverted", "rate"),
        _payback_kpi(words, row),
    ]  # fmt: skip


def _payback_kpi(words: Wording, row: Row) -> Kpi:
    label, said = words.text("option.payback_month"), month_range(words, row)
    if row["payback_month"] is None:
        return Kpi(label, MISSING, said)
    return Kpi(label, said, words.text("decision.payback_note"))


def _lines(speaker: Speaker, row: Row) -> list[str]:
    """Why; what would change it; when to look again; where another position is better."""
    words, facts = speaker.words, speaker.facts
    if row["p_payback"] is None:
        return [words.text("decision.unknown.why")]
    found = [words.message(f"{row['reason']}.why", {
        "rate": row["diverted"], "rate_lo": row["diverted_lo"], "rate_hi": row["diverted_hi"],
        "money": row["losses"], "money_sales": row["sales"], "money_fixed": row["fixed"],
        "share": row["margin"], "money_even": row["break_even_sales"],
        "money_month": row["sales"] / row["horizon_months"], "chance": row["p_without_losses"],
    })]  # fmt: skip
    mine = [r for r in facts.rows("changes") if r["candidate_id"] == row["candidate_id"]]
    if mine:
        top = mine[0]
        name = input_name(words, top["input"], top["store_id"])
        found.append(words.text(
            f"decision.change.{top['side']}", input=name,
            limit=input_value(words, top["limit_value"], top["unit"]),
            answer=words.text(f"recommendation.{top['recommendation']}.inside"),
            probability=words.numbers.chance(top["p_payback"]),
        ))  # fmt: skip
    else:
        found.append(words.text("decision.change.none"))
    found += _better_position(speaker, row)
    looks = [r for r in facts.rows("checkpoints") if r["candidate_id"] == row["candidate_id"]]
    if looks and row["recommendation"] != "do_not_open":
        found.append(words.text("decision.look", day=words.numbers.day(looks[0]["look_on"])))
    return found


def _better_position(speaker: Speaker, row: Row) -> list[str]:
    """Which position is surely better than the plan, where there is one."""
    words = speaker.words
    mine = [r for r in speaker.facts.rows("positions") if r["candidate_id"] == row["candidate_id"]]
    if not any(r["is_planned"] and not r["is_as_good"] for r in mine):
        return []
    return [words.text("decision.better", position=position_name(words, mine[0]),
                       money=words.numbers.value(mine[0]["contribution"], "money"))]  # fmt: skip


def _section(speaker: Speaker, drawings: Drawings, at: int, name: str, number: int) -> Section:
    words, results = speaker.words, speaker.facts.results
    shown = [data for data in results.figures if data.figure.name in _SECTIONS[name]]
    missing = [
        words.text(f"decision.missing.{figure}")
        for figure in _SECTIONS[name]
        if figure in results.switched_off
    ]
    topic = words.text(f"decision.section.{name}")
    parts = tuple(figures.figure(speaker, drawings, at, data) for data in shown)
    return Section(
        name="decision",
        anchor=speaker.anchor(f"section-{name}"),
        number=f"{number} {topic}",
        title=_section_title(speaker, parts, shown) or topic,
        off="",
        cautions=(),
        figures=(*(_named(speaker, part, shown[0]) for part in parts[:1]), *parts[1:]),
        missing=tuple(missing),
        measures=None,
    )


def _section_title(speaker: Speaker, parts: tuple[FigurePart, ...], shown: list[FigureData]) -> str:
    """The message of the first figure; nothing where it has none but its topic."""
    if not parts:
        return ""
    topic = speaker.words.text(f"figure.{shown[0].figure.name}.title")
    return "" if parts[0].title == topic else parts[0].title


def _named(speaker: Speaker, part: FigurePart, data: FigureData) -> FigurePart:
    """A figure by its topic: its message stands above it as the section's."""
    return replace(part, title=speaker.words.text(f"figure.{data.figure.name}.title"))
