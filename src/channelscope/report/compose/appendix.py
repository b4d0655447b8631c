"""The appendix: for the reader who does not believe a number."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from channelscope import registry
from channelscope.domain import Outcome
from channelscope.report.compose.cautions import check_name
from channelscope.report.compose.imports import imports
from channelscope.report.compose.speaker import Speaker
from channelscope.report.context import Appendix, QueryPart, Table, TableCell
from channelscope.report.facts import SMALL_BASE
from channelscope.report.numbers import MISSING
from channelscope.report.wording import plain_name
from channelscope.verdict_rules import NUMBERS, RULES

_METHODS = ("intervals", "missing", "order")
_TERMS = ("detectable", "adjusted", "distance", "null", "resampled")


def appendix(speaker: Speaker) -> Appendix:
    """Warnings, data quality, thresholds, glossary, methods, queries."""
    words = speaker.words
    return Appendix(
        warnings=tuple(
            words.message(message.key, message.params) for message in speaker.facts.results.warnings
        ),
        rows=rows_read(speaker),
        quality=_quality(speaker),
        imports=imports(speaker),
        unknown=_unknown(speaker),
        off=_off(speaker),
        thresholds_text=words.text("appendix.thresholds_text", n=str(SMALL_BASE)),
        glossary=_glossary(speaker),
        terms=_terms(speaker),
        verdicts=_verdicts(speaker),
        methods=tuple(words.text(f"appendix.methods_{name}") for name in _METHODS),
        queries=queries(speaker),
    )


def _table(speaker: Speaker, caption: str, heads: list[str], rows: list[list[str]], *,
           numbers: tuple[int, ...] = ()) -> Table:  # fmt: skip
    words = speaker.words
    return Table(
        caption=words.text(caption),
        heads=tuple(TableCell(words.text(key), at in numbers) for at, key in enumerate(heads)),
        rows=tuple(
            tuple(TableCell(text, at in numbers) for at, text in enumerate(row)) for row in rows
        ),
    )


def rows_read(speaker: Speaker) -> Table:
    """How many rows were read, and how many were left out and why."""
    words, meta = speaker.words, speaker.facts.results.meta
    counts = [
        (words.text("appendix.rows_in"), meta.rows_in),
        (words.text("appendix.rows_analysed"), meta.rows_analysed),
    ]
    for reason, count in meta.rows_excluded.items():
        said = words.texts.text_or(f"excluded.{reason}", reason)
        counts.append((words.text("appendix.rows_excluded", reason=said), count))
    rows = [
        [
            text,
            words.numbers.plain(count),
            words.numbers.value(count / meta.rows_in, "rate") if meta.rows_in else MISSING,
        ]
        for text, count in counts
    ]
    heads = ["appendix.item", "appendix.count", "appendix.share"]
    return _table(speaker, "appendix.rows", heads, rows, numbers=(1, 2))


def _quality(speaker: Speaker) -> Table | None:
    words, table = speaker.words, speaker.facts.table("quality")
    failed = [row for row in table.to_dicts() if row["failed"]] if table.height else []
    if not failed:
        return None
    heads = ["appendix.check", "appendix.table", "appendix.failed", "appendix.count",
             "appendix.money_share", "appendix.sample"]  # fmt: skip
    rows = [
        [
            check_name(speaker, row["check"]),
            row["table"], words.numbers.plain(row["failed"]), words.numbers.plain(row["rows"]),
            words.numbers.value(row["money_share"], "rate"), plain_name(row["sample"] or MISSING),
        ]
        for row in failed
    ]  # fmt: skip
    return _table(speaker, "appendix.quality", heads, rows, numbers=(2, 3, 4))


def _unknown(speaker: Speaker) -> Table | None:
    """Which measures of which store are not known, and why."""
    table = speaker.facts.table("metrics")
    groups: dict[tuple[str, str], list[str]] = {}
    for row in table.to_dicts() if table.height else []:
        if row["outcome_reason"]:
            groups.setdefault((row["store_id"], row["outcome_reason"]), []).append(row["metric"])
    if not groups:
        return None
    words = speaker.words
    rows = [
        [
            words.store(store),
            words.numbers.names([words.metric(metric) for metric in metrics]),
            words.texts.text_or(reason, reason),
        ]
        for (store, reason), metrics in groups.items()
    ]
    heads = ["matrix.store", "appendix.unknown_metrics", "appendix.unknown_why"]
    return _table(speaker, "appendix.unknown", heads, rows)


def _off(speaker: Speaker) -> tuple[str, ...]:
    words = speaker.words
    found = []
    for name, reason in speaker.facts.results.switched_off.items():
        title = f"figure.{name}.title"
        said = words.named("dimension", name)
        if title in words.texts:
            said = words.message(title, {"reference": speaker.facts.reference_id})
        found.append(words.text("section.off_figure", figure=said, reason=words.text(reason)))
    return tuple(found)


def _terms(speaker: Speaker) -> Table:
    """The words for what may be said: outcomes in the order in which they are decided, then how."""
    words = speaker.words
    outcomes = [
        [words.named("outcome", outcome), words.text(f"term.{outcome}", n=str(SMALL_BASE))]
        for outcome in Outcome
    ]
    methods = [[words.text(f"term.{name}"), words.text(f"term.{name}.meaning")] for name in _TERMS]
    heads = ["appendix.term", "appendix.meaning"]
    return _table(speaker, "appendix.terms", heads, [*outcomes, *methods])


def _verdicts(speaker: Speaker) -> Table:
    """The rules of the verdicts in order: the first that holds."""
    words = speaker.words
    rows = [
        [
            words.numbers.plain(at),
            words.named("verdict", rule.verdict),
            words.message(rule.when, NUMBERS),
        ]
        for at, rule in enumerate(RULES, start=1)
    ]
    heads = ["appendix.order", "appendix.verdict", "appendix.when"]
    return _table(speaker, "appendix.verdicts", heads, rows)


def _present(speaker: Speaker) -> list[registry.Metric]:
    """The metrics of the registry that this report speaks of."""
    table = speaker.facts.table("metrics")
    shown = set(table["metric"]) if table.height else set()
    shown |= {"walkthrough"} if any(name.startswith("walkthrough_") for name in shown) else set()
    return [metric for metric in registry.METRICS if metric.id in shown]


def _glossary(speaker: Speaker) -> Table:
    words = speaker.words
    rows = [
        [
            words.metric(metric.id), words.metric(metric.id, "reading"),
            words.metric(metric.id, "formula"),
            words.text(f"better.{metric.better}"), _threshold(speaker, metric),
        ]
        for metric in _present(speaker)
    ]  # fmt: skip
    heads = ["section.measure", "appendix.reading", "appendix.formula", "appendix.direction",
             "appendix.threshold"]  # fmt: skip
    return _table(speaker, "appendix.glossary", heads, rows, numbers=(4,))


def _threshold(speaker: Speaker, metric: registry.Metric) -> str:
    """The smallest difference that matters, in the unit of the metric."""
    words = speaker.words
    size = speaker.facts.results.scope.delta.get(metric.id, metric.delta)
    if metric.relative:
        share = words.numbers.value(size, "percent")
        return words.text("appendix.threshold_relative", value=share)
    return words.numbers.size(size, str(metric.unit))


def queries(speaker: Speaker) -> tuple[QueryPart, ...]:
    """The query behind every figure."""
    words = speaker.words
    return tuple(
        QueryPart(
            anchor=speaker.anchor(f"query-{data.figure.figure_id}"),
            summary=words.message("appendix.query", {
                "figure": data.figure.figure_id, "query": data.figure.query, "n": data.rows,
            }),
            parameters=_parameters(speaker, data.params),
            label=words.text("appendix.sql", figure=data.figure.figure_id),
            sql=data.sql.strip(),
        )
        for data in speaker.facts.results.figures
    )  # fmt: skip


def _parameters(speaker: Speaker, params: Mapping[str, Any]) -> str:
    if not params:
        return ""
    shown = ", ".join(f"{name} = {value}" for name, value in sorted(params.items()))
    return speaker.words.text("appendix.parameters", parameters=shown)
