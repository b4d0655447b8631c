"""The quarterly review: what was kept and missed, what changed, what to decide."""

from __future__ import annotations

from dataclasses import dataclass

from channelscope.report.context.head import Head, Kpi
from channelscope.report.context.page import QueryPart, Section
from channelscope.report.context.parts import FigurePart, Link, Table


@dataclass(frozen=True, slots=True)
class DigestLine:
    """One sentence of the summary, and where it is shown."""

    text: str
    links: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class Digest:
    """What was missed, what was kept, or what changed: a few sentences."""

    title: str
    digest: tuple[DigestLine, ...]


@dataclass(frozen=True, slots=True)
class ReviewBody:
    """The whole review in one language."""

    code: str
    lang: str
    contents: tuple[Link, ...]
    head: Head
    answer: str
    """The name of the summary."""
    kpis: tuple[Kpi, ...]
    digests: tuple[Digest, ...]
    sections: tuple[Section, ...]
    alignment: FigurePart | None
    """Which days are held against which."""
    moved: Table | None
    """What an earlier version of this review said otherwise."""
    rows: Table
    """How many rows of the data were read."""
    warnings: tuple[str, ...]
    methods: tuple[str, ...]
    queries: tuple[QueryPart, ...]
    footer: str
