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
    """Names the colour and the shape of its kind."""
    text: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Shape:
    """The outline of a kind's sign: drawn once in the file, used by every sign."""

    token: str
    path: str
    """In a 12 by 12 box."""


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
class GridHead:
    """The head of a row or a column: a store with its sign, or words alone."""

    text: str
    mark: Mark | None = None


@dataclass(frozen=True, slots=True)
class GridCell:
    """One cell of a grid; what its tip says stands in the data table as well."""

    text: str
    detail: str = ""
    """Small print below the value: its interval, its cases."""
    css: str = ""
    """`k1` to `k3`: shaded by step; `own`: a warning; `few`: too little to rest on; `ref`."""
    tip: str = ""


@dataclass(frozen=True, slots=True)
class GridRow:
    """One row of a grid; a row without cells is a heading above those that follow."""

    head: GridHead
    cells: tuple[GridCell, ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """A figure that is a table of shaded cells."""

    label: str
    corner: str
    heads: tuple[GridHead, ...]
    rows: tuple[GridRow, ...]
    wraps: bool = False
    """Whether small print is words, which may break into lines, and no interval."""
    words: bool = False
    """Whether most cells are words, which begin at the left."""


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
    grid: Grid | None
    """What is shown instead of a drawing."""
    note: str
    source: Link
    table: Table
    table_label: str
