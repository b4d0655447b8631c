"""The head of the report and its first page."""

from __future__ import annotations

from dataclasses import dataclass

from channelscope.report.context.parts import Link


@dataclass(frozen=True, slots=True)
class Fact:
    """A term and its value in the head of the report."""

    term: str
    value: str


@dataclass(frozen=True, slots=True)
class GradeCount:
    """How many findings have a grade."""

    grade: str
    count: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Head:
    """The head of the report: what it is about, its first sentence, and what was left out."""

    kick: str
    title: str
    facts: tuple[Fact, ...]
    grades: tuple[GradeCount, ...]
    notice: str = ""


@dataclass(frozen=True, slots=True)
class Kpi:
    """One of the numbers at the top."""

    label: str
    value: str
    caption: str


@dataclass(frozen=True, slots=True)
class SummaryRow:
    """One finding: what is different, so what, do what."""

    title: str
    detail: str
    links: tuple[Link, ...]
    grade: str
    grade_meaning: str
    so_what: str
    money: str
    do_what: str


@dataclass(frozen=True, slots=True)
class Summary:
    """The first page: numbers and findings."""

    kpis: tuple[Kpi, ...]
    rows: tuple[SummaryRow, ...]
