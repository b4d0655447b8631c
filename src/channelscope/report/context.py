"""Everything a template may use: typed, documented, tested both ways against the templates.

Every text is finished in one language; templates hold layout only. `Markup` is only what `svg.py`
has cleaned; all the rest is escaped by Jinja.
"""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup


@dataclass(frozen=True, slots=True)
class Link:
    """An entry of the table of contents, or a link to a figure."""

    href: str
    text: str


@dataclass(frozen=True, slots=True)
class Mark:
    """A store's or a kind's sign beside its words."""

    token: str
    """Name of the CSS variable of its kind."""
    path: str
    """Outline of its shape in a 12 by 12 box."""
    text: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Swatch:
    """A legend entry for a colour or a line."""

    token: str
    text: str
    style: str
    """`box`, `line` or `dash`."""


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
    """The head of the report: what it is about and its first sentence."""

    kick: str
    title: str
    facts: tuple[Fact, ...]
    grades: tuple[GradeCount, ...]


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


@dataclass(frozen=True, slots=True)
class ColumnGroup:
    """The columns of one dimension in the matrix."""

    text: str
    span: int


@dataclass(frozen=True, slots=True)
class ColumnHead:
    """A sortable column head."""

    text: str
    sort_label: str
    css: str


@dataclass(frozen=True, slots=True)
class MatrixCell:
    """One value; shaded when its interval and the reference's do not meet."""

    text: str
    css: str
    sort: str
    tip: str


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """One store; the reference is tinted."""

    mark: Mark
    is_reference: bool
    cells: tuple[MatrixCell, ...]


@dataclass(frozen=True, slots=True)
class Matrix:
    """The five-dimension matrix."""

    title: str
    lede: str
    groups: tuple[ColumnGroup, ...]
    heads: tuple[ColumnHead, ...]
    rows: tuple[MatrixRow, ...]
    source: Link


@dataclass(frozen=True, slots=True)
class CardNumber:
    """One number of a store card with its difference to the reference."""

    label: str
    value: str
    change: str


@dataclass(frozen=True, slots=True)
class Card:
    """One store in one line and five numbers."""

    mark: Mark
    name: str
    kind: str
    role: str
    numbers: tuple[CardNumber, ...]


@dataclass(frozen=True, slots=True)
class Cards:
    """All store cards."""

    lede: str
    how_text: str
    cards: tuple[Card, ...]
    source: Link


@dataclass(frozen=True, slots=True)
class TableCell:
    """A cell of a data table."""

    text: str
    is_number: bool


@dataclass(frozen=True, slots=True)
class Table:
    """A real table: column heads, rows, a caption."""

    caption: str
    heads: tuple[TableCell, ...]
    rows: tuple[tuple[TableCell, ...], ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class FigurePart:
    """A figure in its fixed order: message, what it shows, legend, chart, note, source, table."""

    anchor: str
    number: str
    title: str
    subtitle: str
    marks: tuple[Mark, ...]
    swatches: tuple[Swatch, ...]
    wide: Markup
    narrow: Markup
    note: str
    source: Link
    table: Table
    table_label: str


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
    unknown: Table | None
    off: tuple[str, ...]
    thresholds_text: str
    glossary: Table
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
    toggles: tuple[Toggle, ...]
    bodies: tuple[Body, ...]
