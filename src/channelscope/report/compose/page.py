"""The whole report in one language."""

from __future__ import annotations

from datetime import datetime

from channelscope.report.compose.appendix import appendix
from channelscope.report.compose.figures import Drawings
from channelscope.report.compose.head import head, summary
from channelscope.report.compose.overview import cards, matrix
from channelscope.report.compose.pairs import pairs
from channelscope.report.compose.sections import sections
from channelscope.report.compose.speaker import Speaker
from channelscope.report.context import Body, Cards, Link, Matrix, Pairs, Section


def body(speaker: Speaker, drawings: Drawings, at: int, *, generated_at: datetime) -> Body:
    """All parts of the page, in reading order."""
    table, all_cards = matrix(speaker), cards(speaker)
    all_pairs = pairs(speaker, drawings, at)
    parts, end = sections(speaker, drawings, at), appendix(speaker)
    language = speaker.words.language
    return Body(
        code=language.value,
        lang=language.html,
        contents=_contents(speaker, table, all_cards, all_pairs, parts=parts),
        head=head(speaker),
        summary=summary(speaker),
        marks=speaker.kind_marks(),
        matrix=table,
        cards=all_cards,
        pairs=all_pairs,
        sections=parts,
        appendix=end,
        footer=_footer(speaker, generated_at),
    )


def _contents(
    speaker: Speaker,
    table: Matrix | None,
    all_cards: Cards | None,
    all_pairs: Pairs | None,
    *,
    parts: tuple[Section, ...],
) -> tuple[Link, ...]:
    words = speaker.words
    links = [
        speaker.link("summary", words.text("summary.name").partition(":")[0].partition("：")[0])
    ]
    if table:
        links.append(speaker.link("matrix", words.text("matrix.name")))
    if all_cards:
        links.append(speaker.link("stores", words.text("cards.name")))
    if all_pairs:
        links.append(speaker.link("pairs", words.text("pairs.name")))
    links += [Link(f"#{part.anchor}", part.number) for part in parts]
    links.append(speaker.link("appendix", words.text("appendix.name")))
    return tuple(links)


def _footer(speaker: Speaker, generated_at: datetime) -> str:
    meta = speaker.facts.results.meta
    return speaker.words.text(
        "page.footer", built=generated_at.strftime("%Y-%m-%d %H:%M UTC"), version=meta.version,
        seed=str(meta.seed), engine=meta.engine,
    )  # fmt: skip
