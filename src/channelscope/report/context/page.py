"""The whole page: sections, appendix, one body per language."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from channelscope.report.context.head import Head, Summary
from channelscope.report.context.overview import Cards, Matrix, Pairs
from channelscope.report.context.parts import FigurePart, Link, Mark, Shape, Table


@dataclass(frozen=True, slots=True)
class Section:
    """One dimension: figures, its measures, and what is missing with the reason."""

    name: str
    """The dimension: picks the partial `sections/<name>.html.j2`."""
    anchor: str
    number: str
    title: str
    off: str
    """Why the whole section is missing, or nothing."""
    cautions: tuple[str, ...]
    """Warnings and failed data checks that touch the section."""
    figures: tuple[FigurePart, ...]
    missing: tuple[str, ...]
    measures: Table | None


@dataclass(frozen=True, slots=True)
class QueryPart:
    """The query behind a figure."""

    anchor: str
    summary: str
    parameters: str
    label: str
    sql: str


@dataclass(frozen=True, slots=True)
class Appendix:
    """What a reader needs who does not believe a number."""

    warnings: tuple[str, ...]
    rows: Table
    quality: Table | None
    imports: tuple[Table, ...]
    """Of exports of marketplaces: what was read, how products were found, what platforms say."""
    unknown: Table | None
    off: tuple[str, ...]
    thresholds_text: str
    glossary: Table
    terms: Table
    """The words for what may be said."""
    verdicts: Table
    """The rules of the verdicts, in the order in which they are tried."""
    methods: tuple[str, ...]
    queries: tuple[QueryPart, ...]


@dataclass(frozen=True, slots=True)
class Body:
    """The whole report in one language."""

    code: str
    lang: str
    contents: tuple[Link, ...]
    head: Head
    summary: Summary
    marks: tuple[Mark, ...]
    """The legend of store kinds."""
    matrix: Matrix | None
    cards: Cards | None
    pairs: Pairs | None
    sections: tuple[Section, ...]
    appendix: Appendix
    footer: str


@dataclass(frozen=True, slots=True)
class Toggle:
    """A button of the language switch."""

    code: str
    lang: str
    text: str


@dataclass(frozen=True, slots=True)
class Document:
    """The file: head, styles, script, one body per language."""

    lang: str
    title: str
    workspace: str
    csp: str
    style: Markup
    script: Markup
    shapes: tuple[Shape, ...]
    toggles: tuple[Toggle, ...]
    partial: str
    """The template of a body: that of the comparison, of the decision or of the review."""
    bodies: tuple[Any, ...]
    """One `Body`, `DecisionBody` or `ReviewBody` per language."""
