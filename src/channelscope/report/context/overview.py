"""All stores at a glance: the matrix, the cards, the pairs."""

from __future__ import annotations

from dataclasses import dataclass

from channelscope.report.context.parts import FigurePart, Link, Mark, Swatch, Table


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
    """One value; shaded when it differs from the reference's by enough, on enough cases."""

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
    css: str
    """`sure` where the two are shown to differ."""
    tip: str


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
class PairLine:
    """One dimension of a pair: its name, the sign of its outcome, the distance."""

    text: str
    css: str
    """`sure` where the two are shown to differ."""


@dataclass(frozen=True, slots=True)
class PairCell:
    """One pair: the verdict in words, then the dimensions; empty on the diagonal."""

    text: str
    css: str
    tip: str
    lines: tuple[PairLine, ...]


@dataclass(frozen=True, slots=True)
class PairRow:
    """One store against every other one."""

    mark: Mark
    cells: tuple[PairCell, ...]


@dataclass(frozen=True, slots=True)
class PairMatrix:
    """Store by store with the verdict in each cell."""

    number: str
    heads: tuple[Mark, ...]
    rows: tuple[PairRow, ...]
    swatches: tuple[Swatch, ...]
    note: str
    """Which stores are left out, or nothing."""
    source: Link
    table: Table
    table_label: str


@dataclass(frozen=True, slots=True)
class Pairs:
    """What every two stores are to one another."""

    title: str
    lede: str
    matrix: PairMatrix | None
    figures: tuple[FigurePart, ...]
