"""Every measure of a section: value and interval of each store, and what may be said of it."""

from __future__ import annotations

from channelscope.domain import Outcome
from channelscope.report.compose.speaker import Speaker
from channelscope.report.context import Table, TableCell
from channelscope.report.numbers import MISSING, NBSP

_MARKS = "¹²³⁴⁵⁶⁷⁸⁹"


def measures(speaker: Speaker, dimension: str) -> Table | None:
    """Measures down, stores across; below each value its outcome against the reference."""
    words, facts = speaker.words, speaker.facts
    table = facts.table("metrics")
    if not table.height:
        return None
    mine = table.filter((table["dimension"] == dimension) & table["value"].is_not_null())
    metrics = mine["metric"].unique(maintain_order=True).to_list()
    stores = [s for s in facts.results.scope.store_ids if s in set(mine["store_id"])]
    if not metrics:
        return None
    footnotes = _Footnotes(speaker)
    rows = tuple(
        (
            TableCell(words.metric(metric), False),
            *(_cell(speaker, metric, store, footnotes) for store in stores),
        )
        for metric in metrics
    )
    caption = words.text(
        "section.metrics_caption", dimension=words.named("dimension", dimension),
        reference=speaker.reference,
    )  # fmt: skip
    heads = (
        TableCell(words.text("section.measure"), False),
        *(TableCell(words.store(store), True) for store in stores),
    )
    return Table(caption=caption, heads=heads, rows=rows, note=footnotes.text)


class _Footnotes:
    """Reasons, each written once below the table and marked wherever it applies."""

    def __init__(self, speaker: Speaker) -> None:
        self._speaker = speaker
        self._reasons: list[str] = []

    def mark(self, reason: str | None) -> str:
        """The sign of a reason; none when there is no reason, or too many of them."""
        if not reason:
            return ""
        if reason not in self._reasons:
            self._reasons.append(reason)
        at = self._reasons.index(reason)
        return _MARKS[at] if at < len(_MARKS) else ""

    @property
    def text(self) -> str:
        """All reasons with their signs."""
        texts = self._speaker.words.texts
        pairs = zip(_MARKS, self._reasons, strict=False)
        return " ".join(f"{mark}{NBSP}{texts.text_or(reason, reason)}" for mark, reason in pairs)


def _cell(speaker: Speaker, metric: str, store: str, footnotes: _Footnotes) -> TableCell:
    row = speaker.facts.metric(metric).get(store)
    if row is None or row["value"] is None:
        return TableCell(MISSING, True)
    numbers = speaker.words.numbers
    text = numbers.interval(row["value"], row["lo"], row["hi"], row["unit"])
    if row["n"] is not None:
        text = f"{text} n{NBSP}={NBSP}{numbers.plain(row['n'])}"
    return TableCell(text, True, _said(speaker, metric, store, footnotes))


def _said(speaker: Speaker, metric: str, store: str, footnotes: _Footnotes) -> str:
    """The outcome against the reference, and what would have been seen."""
    row = speaker.facts.difference(metric, store)
    if row is None:
        return ""
    if row["outcome"] == Outcome.NOT_IDENTIFIABLE:
        outcome = speaker.words.named("outcome", row["outcome"])
        mark = footnotes.mark(row["outcome_reason"])
        return speaker.words.text("measure.not_told", outcome=outcome, mark=mark).rstrip()
    return outcome_text(speaker, row["outcome"], row["detectable"], row["unit"]) + footnotes.mark(
        row["outcome_reason"]
    )


def outcome_text(speaker: Speaker, outcome: str, detectable: float | None, unit: str) -> str:
    """`unclear; would have seen ≥ 1.2 pp`."""
    words = speaker.words
    said = words.named("outcome", outcome)
    if detectable is None:
        return said
    size = words.numbers.size(detectable, unit)
    return words.text("measure.detectable", outcome=said, value=size)
