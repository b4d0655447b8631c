"""The whole review in one language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from channelscope.report.compose import appendix, figures, review_summary
from channelscope.report.compose.figures import Drawings
from channelscope.report.compose.speaker import Speaker
from channelscope.report.context import (
    FigurePart,
    Link,
    ReviewBody,
    Section,
    Table,
    TableCell,
)
from channelscope.report.review_facts import is_watch, left_out
from channelscope.report.review_words import in_unit, metric_name, store_name
from channelscope.results import FigureData

_SECTIONS: Mapping[str, tuple[str, ...]] = {
    "decisions": ("decision_log", "hit_rates"),
    "variance": ("variance_table",),
    "bridges": ("total_bridge", "store_bridges"),
    "pace": ("sales_slope", "weekly_pace"),
    "exceptions": ("exceptions", "price_order_changes", "drift"),
    "next": ("next_decisions", "predictions"),
}
"""The sections in order, after the summary, and their figures."""
_WATCHED: Mapping[str, tuple[str, ...]] = {
    "projection": ("projection",),
    "variance": ("variance_table",),
    "exceptions": ("exceptions",),
}
"""The sections while an event is in progress."""
_ALIGNMENT = "aligned_days"
_OWN = ("decision_log", "hit_rates", "next_decisions", "predictions")
"""What a redacted copy does not hold: what the brand decides and expects."""
_METHODS = ("bases", "interval", "bridge", "exceptions", "drift", "decisions", "predictions")
_METHODS_OF_WATCH = ("bases", "projection", "exceptions")


def review_body(
    speaker: Speaker, drawings: Drawings, at: int, *, generated_at: datetime
) -> ReviewBody:
    """All parts of the page, in reading order."""
    words, results = speaker.words, speaker.facts.results
    watch = is_watch(speaker.facts)
    parts = tuple(
        _section(speaker, drawings, at, name, number)
        for number, name in enumerate(_WATCHED if watch else _SECTIONS, start=2)
    )
    answer = words.text("review.answer.watch" if watch else "review.answer")
    links = [speaker.link("summary", answer)]
    links += [Link(f"#{part.anchor}", part.number) for part in parts]
    links.append(speaker.link("appendix", words.text("appendix.name")))
    methods = _METHODS_OF_WATCH if watch else _METHODS
    return ReviewBody(
        code=words.language.value,
        lang=words.language.html,
        contents=tuple(links),
        head=review_summary.head(speaker),
        answer=answer,
        kpis=review_summary.kpis(speaker),
        digests=review_summary.digests(speaker),
        sections=parts,
        alignment=_alignment(speaker, drawings, at),
        moved=_moved(speaker),
        rows=appendix.rows_read(speaker),
        warnings=tuple(words.message(m.key, m.params) for m in results.warnings),
        methods=tuple(words.text(f"review.method.{name}") for name in methods),
        queries=appendix.queries(speaker),
        footer=words.text(
            "page.footer", built=generated_at.strftime("%Y-%m-%d %H:%M UTC"),
            version=results.meta.version, seed=str(results.meta.seed), engine=results.meta.engine,
        ),
    )  # fmt: skip


def _shown(speaker: Speaker, names: tuple[str, ...]) -> list[FigureData]:
    known = speaker.facts.figures
    return [known[name] for name in names if name in known]


def _section(speaker: Speaker, drawings: Drawings, at: int, name: str, number: int) -> Section:
    """Its figures; where there is nothing to tell, one line and no more."""
    words = speaker.words
    names = (_WATCHED if is_watch(speaker.facts) else _SECTIONS)[name]
    shown = _shown(speaker, names)
    parts = tuple(figures.figure(speaker, drawings, at, data) for data in shown)
    topic = words.text(f"review.section.{name}")
    return Section(
        name="review",
        anchor=speaker.anchor(f"section-{name}"),
        number=f"{number} {topic}",
        title=_title(speaker, parts, shown, topic) if parts else _nothing(speaker, name),
        off="",
        cautions=(),
        figures=(*(_named(speaker, part, shown[0]) for part in parts[:1]), *parts[1:]),
        missing=tuple(_missing(speaker, figure) for figure in names if parts
                      and figure not in speaker.facts.figures),
        measures=None,
    )  # fmt: skip


def _title(
    speaker: Speaker, parts: tuple[FigurePart, ...], shown: list[FigureData], topic: str
) -> str:
    """The message of the first figure; its topic where it has none."""
    own = speaker.words.text(f"figure.{shown[0].figure.name}.title")
    return topic if parts[0].title == own else parts[0].title


def _named(speaker: Speaker, part: FigurePart, data: FigureData) -> FigurePart:
    """A figure by its topic: its message stands above it as the section's."""
    return replace(part, title=speaker.words.text(f"figure.{data.figure.name}.title"))


def _nothing(speaker: Speaker, name: str) -> str:
    """The one line of a section without any row."""
    form = ".not_told" if name == "exceptions" and not _could_drift(speaker) else ""
    form = left_out(speaker.facts) if name in ("decisions", "next") else form
    return speaker.words.text(f"review.none.section.{name}{form}")


def _missing(speaker: Speaker, figure: str) -> str:
    form = ".not_told" if figure == "drift" and not _could_drift(speaker) else ""
    form = left_out(speaker.facts) if figure in _OWN else form
    return speaker.words.text(f"review.none.{figure}{form}")


def _could_drift(speaker: Speaker) -> bool:
    """Whether of any pair of stores it can be told how far it moved."""
    table = speaker.facts.table("drift")
    return bool(table.height and table["change"].null_count() < table.height)


def _alignment(speaker: Speaker, drawings: Drawings, at: int) -> FigurePart | None:
    data = speaker.facts.figures.get(_ALIGNMENT)
    return figures.figure(speaker, drawings, at, data) if data else None


def _moved(speaker: Speaker) -> Table | None:
    """What the revision before this one said."""
    words, table = speaker.words, speaker.facts.table("moved")
    if not table.height:
        return None
    heads = ("column.store_id", "column.metric", "review.moved.before", "review.moved.now")
    return Table(
        caption=words.text("review.moved.caption"),
        heads=tuple(TableCell(words.text(key), at > 1) for at, key in enumerate(heads)),
        rows=tuple(
            (
                TableCell(store_name(words, row["store_id"]), is_number=False),
                TableCell(metric_name(words, row["metric"]), is_number=False),
                TableCell(in_unit(words, row["before"], row["unit"]), is_number=True),
                TableCell(in_unit(words, row["now"], row["unit"]), is_number=True),
            )
            for row in table.to_dicts()
        ),
    )
