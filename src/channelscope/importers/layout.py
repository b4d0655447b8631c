"""A mapping file: what an export's columns are called, what they hold, what they become."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, ValidationError, model_validator

from channelscope.config import Section
from channelscope.contract import Type
from channelscope.domain import Basis
from channelscope.errors import UsageError, did_you_mean
from channelscope.importers import canonical

FOLDER = Path(__file__).parent / "layouts"


class ExportKind(StrEnum):
    """What the rows of an export are."""

    ORDERS = "orders"
    LINES = "order_lines"
    DAILY = "daily_figures"
    TRAFFIC = "traffic_sources"
    ITEMS = "items"
    PRICES = "price_snapshots"
    SERVICE = "service_scores"
    AFTER_SALES = "after_sales"
    SETTLEMENT = "settlement"
    NOT_USED = "not_used"  # known, so that a folder of downloads may hold it


VOCABULARY: Mapping[ExportKind, Mapping[str, Type]] = {
    ExportKind.ORDERS: canonical.ORDER,
    ExportKind.LINES: {**canonical.ORDER, **canonical.LINE},
    ExportKind.DAILY: canonical.FIGURES,
    ExportKind.TRAFFIC: canonical.FIGURES,
    ExportKind.SERVICE: canonical.FIGURES,
    ExportKind.SETTLEMENT: canonical.FIGURES,
    ExportKind.ITEMS: canonical.ITEM,
    ExportKind.PRICES: canonical.ITEM,
    ExportKind.AFTER_SALES: canonical.REFUND,
    ExportKind.NOT_USED: {},
}

State = Literal["refunded", "closed", "unpaid", "paid"]
STATES: tuple[State, ...] = ("refunded", "closed", "unpaid", "paid")
"""What became of an order; the first that fits a status counts."""

CellType = Literal[
    "id", "text", "money", "int", "number", "percent", "datetime", "date", "state", "region",
    "buyer", "memo", "personal",
]  # fmt: skip


class LayoutColumn(Section):
    """One column of an export.

    `to`: the word of `canonical` it becomes; without one the column is known and not used.
    `personal` columns are never selected; of a `region` only the province or country is kept, of
    a `memo` only whether it marks a fake order, of a `buyer` only the salted hash.
    """

    type: CellType = "text"
    to: str | None = None
    required: bool = False
    aliases: tuple[str, ...] = ()
    empty: tuple[str, ...] = Field(default=(), description="texts that mean nothing is known")
    zero: tuple[str, ...] = Field(default=(), description="texts that mean 0, such as 无退款申请")
    scale: float = Field(default=1.0, description="multiplied with the number, such as 24 for days")


class Layout(Section):
    """How one export of one platform is read. `header`: its columns in order."""

    source: str
    kind: ExportKind
    title: str = Field(description="what the platform calls the export")
    platforms: tuple[str, ...] = Field(description="of stores whose exports look like this")
    ordered: bool = Field(default=True, description="the list and order of columns are evidenced")
    formats: tuple[str, ...] = ("csv", "xlsx")
    encodings: tuple[str, ...] = ("utf-8-sig", "gb18030")
    comment: str | None = Field(default=None, description="lines beginning so are no rows")
    time_zone: str | None = Field(default=None, description="of times with an offset; else as read")
    zones: dict[str, str] = Field(default_factory=dict, description="time zone by shop name")
    quirks: tuple[str, ...] = Field(default=(), description="functions of `quirks`, in order")
    header: dict[str, LayoutColumn]
    sums: dict[str, tuple[str, ...]] = Field(
        default_factory=dict,
        description="words of `canonical` made of columns: their sum, '-' before those taken off",
    )
    states: dict[State, tuple[str, ...]] = Field(
        default_factory=dict, description="statuses as the platform prints them; a final * = begins"
    )
    refunds_by_state: bool = Field(
        default=False, description="the status tells of every refund: without one nothing came back"
    )
    needs: ExportKind | None = Field(default=None, description="another kind it cannot do without")
    bases: tuple[Basis, ...] = Field(default=(), description="what its columns allow as sales")
    cannot_tell: tuple[str, ...] = Field(
        default=(), description="words of the catalogue: what the columns do not say"
    )

    @property
    def name(self) -> str:
        """`source kind`, as a user names it."""
        return f"{self.source} {self.kind}"

    @model_validator(mode="after")
    def _known_words(self) -> Layout:
        words = VOCABULARY[self.kind]
        used = [c.to for c in self.header.values() if c.to] + list(self.sums)
        unknown = [word for word in used if word not in words]
        if unknown:
            raise ValueError(f"words of {self.kind}; not {', '.join(unknown)}")
        terms = {term.removeprefix("-") for sum_ in self.sums.values() for term in sum_}
        lost = [term for term in terms if term not in self.header]
        if lost:
            raise ValueError(f"columns of the header; not {', '.join(lost)}")
        return self


@cache
def catalogue() -> Mapping[str, Layout]:
    """Every layout by the stem of its file, in alphabetical order."""
    return {path.stem: _read(path) for path in sorted(FOLDER.glob("*.toml"))}


def _read(path: Path) -> Layout:
    values: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
    try:
        return Layout.model_validate(values)
    except ValidationError as error:
        raise ValueError(f"{path.name}: {error}") from error


def of_source(source: str) -> Mapping[str, Layout]:
    """The layouts of a platform; all of them for `auto`. UsageError when there is none."""
    known = catalogue()
    if source == "auto":
        return known
    found = {stem: layout for stem, layout in known.items() if layout.source == source}
    if not found:
        sources = sorted({layout.source for layout in known.values()})
        raise UsageError(
            f"there is no source '{source}'",
            expected=f"one of {', '.join(sources)}, or auto",
            advice=did_you_mean(source, sources) or "list them with 'channelscope import --list'",
        )
    return found
