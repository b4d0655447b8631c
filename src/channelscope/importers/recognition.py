"""Which export a file is, told from the names of its columns alone."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from channelscope.errors import UsageError
from channelscope.importers.layout import Layout, catalogue

SCANNED_ROWS = 15
"""How far down the header may stand: exports print what they are above it."""

FEWEST = 3
"""Known columns without which no file is taken for an export."""

_ABOUT_NAMES = " \t\r\n\u00a0\u200b\u3000\ufeff\"'="
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—−", "-"))


def normalise(header: str) -> str:
    """A column's name without what exports put around it: marks, blanks, quotes, wide brackets."""
    name = unicodedata.normalize("NFKC", header).translate(_DASHES)
    return " ".join(name.strip(_ABOUT_NAMES).split())


def _key(header: str) -> str:
    return normalise(header).casefold()


@dataclass(frozen=True, slots=True)
class Match:
    """How well a header fits a layout."""

    stem: str
    layout: Layout
    columns: Mapping[str, str]
    """Columns of the layout → the name in the file, normalised, in the order of the layout."""
    unknown: tuple[str, ...]
    """Columns of the file that the layout does not have."""

    @property
    def lacking(self) -> tuple[str, ...]:
        """Required columns that are not there."""
        columns = self.layout.header.items()
        return tuple(n for n, column in columns if column.required and n not in self.columns)

    @property
    def is_near(self) -> bool:
        """More than one column is known: one alone may be chance."""
        return len(self.columns) > 1

    @property
    def used(self) -> tuple[str, ...]:
        """Names in the file of the columns that become something."""
        terms = {t.removeprefix("-") for terms in self.layout.sums.values() for t in terms}
        columns = self.layout.header
        return tuple(
            name for column, name in self.columns.items() if columns[column].to or column in terms
        )

    @property
    def is_recognised(self) -> bool:
        """All required columns, and enough of the others, on one side or the other.

        Some exports let a shop choose its columns, others have grown new ones: a file may have few
        of the layout's columns, or many that are new, but not both.
        """
        known, columns = len(self.columns), self.layout.header
        enough = known >= min(FEWEST, len(columns))
        half = 2 * known >= min(len(columns), known + len(self.unknown))
        return not self.lacking and enough and half

    @property
    def rank(self) -> tuple[bool, int, int]:
        """The greater, the better the fit: many columns that are known, few that are missing."""
        known = len(self.columns)
        return (self.is_recognised, known, known - len(self.layout.header))


@dataclass(frozen=True, slots=True)
class Names:
    """The names of columns of several layouts, made comparable once."""

    layouts: Mapping[str, Layout]
    keys: Mapping[str, Mapping[str, str]]

    @classmethod
    def of(cls, layouts: Mapping[str, Layout]) -> Names:
        """Column names and aliases of `layouts`."""
        return cls(layouts, {stem: _keys(layout) for stem, layout in layouts.items()})

    def best(self, header: Iterable[str]) -> Match:
        """The layout that `header` fits best; the first in the alphabet of several."""
        named: dict[str, str] = {}
        for name in map(normalise, header):
            if name:
                named.setdefault(name.casefold(), name)
        stems = sorted(self.layouts)
        near = [stem for stem in stems if not self.keys[stem].keys().isdisjoint(named)]
        matches = (self._match(stem, named) for stem in near or stems[:1])
        return max(matches, key=lambda match: match.rank)

    def _match(self, stem: str, named: Mapping[str, str]) -> Match:
        keys, layout = self.keys[stem], self.layouts[stem]
        found: dict[str, str] = {}
        for key, name in named.items():
            column = keys.get(key)
            # A column's own name goes before an alias when a file has both.
            if column and (column not in found or key == _key(column)):
                found[column] = name
        columns = {column: found[column] for column in layout.header if column in found}
        taken = set(columns.values())
        unknown = tuple(name for name in named.values() if name not in taken)
        return Match(stem, layout, columns, unknown)

    def best_row(self, rows: Sequence[Sequence[str]]) -> tuple[int, Match]:
        """The row that is most like a header, and what it fits; the first of several."""
        matches = [self.best(row) for row in rows[:SCANNED_ROWS]] or [self.best(())]
        place = max(range(len(matches)), key=lambda i: (matches[i].rank, -i))
        return place, matches[place]


def fit(stem: str, layout: Layout, header: Sequence[str]) -> Match:
    """How `header` fits the one layout it is known to be of."""
    return Names.of({stem: layout}).best(header)


def _keys(layout: Layout) -> Mapping[str, str]:
    aliases = {_key(a): name for name, column in layout.header.items() for a in column.aliases}
    return aliases | {_key(name): name for name in layout.header}


def not_recognised(match: Match, header: Sequence[str], *, where: str) -> UsageError:
    """Why a file cannot be read as the layout nearest to it, or which other it is."""
    others = Names.of(catalogue()).best(header)
    layout = match.layout
    if others.is_recognised:
        return UsageError(
            f"is an export of another kind: {others.layout.title} ({others.layout.name})",
            where=where,
            expected=f"an export of {layout.source}",
            advice=f"import it with 'channelscope import {others.layout.source}'",
        )
    if not match.is_near:
        return UsageError(
            "is no export that is known: it has not the column names of one",
            where=where,
            expected=f"a row of column names among the first {SCANNED_ROWS}",
            advice="list the exports with 'channelscope import --list'",
        )
    near = f"{layout.title} ({layout.name})"
    if match.lacking:
        what = f"is nearest to {near}, but has not the columns {', '.join(match.lacking)}"
    else:
        what = f"is nearest to {near}, but has only the columns {', '.join(match.columns)} of it"
    return UsageError(
        what,
        where=where,
        expected=f"{', '.join(n for n, c in layout.header.items() if c.required) or 'more'} "
        "and most of the other columns",
        advice="export it again with all columns; "
        "see which there are with 'channelscope import --list'",
    )
