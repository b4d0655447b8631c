"""What every part of the page is made of: signs, links, tables, figures."""

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
class TableCell:
    """A cell of a data table."""

    text: str
    is_number: bool
    detail: str = ""
    """What may be said of the value, in small print below it."""


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
