"""The decision report: an answer for each candidate, then why."""

from __future__ import annotations

from dataclasses import dataclass

from channelscope.report.context.head import Head, Kpi
from channelscope.report.context.page import QueryPart, Section
from channelscope.report.context.parts import Link, Mark, Table


@dataclass(frozen=True, slots=True)
class Answer:
    """What is recommended of one candidate, in a few numbers and sentences."""

    mark: Mark
    verdict: str
    kpis: tuple[Kpi, ...]
    lines: tuple[str, ...]
    """Why, what would change it, when to look again."""


@dataclass(frozen=True, slots=True)
class DecisionBody:
    """The whole decision report in one language."""

    code: str
    lang: str
    contents: tuple[Link, ...]
    head: Head
    answers: tuple[Answer, ...]
    sections: tuple[Section, ...]
    rows: Table
    """How many rows of the data were read."""
    warnings: tuple[str, ...]
    methods: tuple[str, ...]
    queries: tuple[QueryPart, ...]
    footer: str
