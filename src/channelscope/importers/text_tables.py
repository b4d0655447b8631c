"""The table in a text file: its header, separator and encoding."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from channelscope.importers import decoding, recognition
from channelscope.importers.decoding import Progress, Source
from channelscope.importers.recognition import Match, Names
from channelscope.importers.sheets import Sheet, TextRows, banner, named, reader

SEPARATORS = (",", "\t", ";")


@dataclass(frozen=True, slots=True)
class _Head:
    """The first rows of a text file, read with the separator that makes most sense."""

    rows: Sequence[list[str]]
    place: int
    match: Match
    separator: str
    quote: str

    @classmethod
    def of(cls, text: str, names: Names) -> _Head:
        readings = [cls._with(text, separator, names) for separator in SEPARATORS]
        return max(readings, key=lambda reading: reading.match.rank)

    @classmethod
    def _with(cls, text: str, separator: str, names: Names) -> _Head:
        # Tab-separated reports are printed without quotes: one in a title is only a sign.
        quote = "" if separator == "\t" and '"' not in text.split("\n", 1)[0] else '"'
        rows = list(_readable(reader(io.StringIO(text), separator=separator, quote=quote)))
        place, match = names.best_row(rows)
        return cls(rows, place, match, separator, quote)

    @property
    def header(self) -> list[str]:
        """The header as it stands in the file."""
        return self.rows[self.place] if self.rows else []

    @property
    def width(self) -> int:
        """Cells of a row: nameless ones at the end of the header count if rows have them."""
        least = max((i for i, name in enumerate(self.header) if name.strip()), default=0) + 1
        first = next((row for row in self.rows[self.place + 1 :] if row), self.header)
        return least if len(first) < len(self.header) else len(self.header)

    def is_of(self, stem: str) -> bool:
        """Whether this is the header of a layout: it is not in the wrong encoding."""
        return self.match.stem == stem and self.match.is_recognised


def _readable(rows: Iterator[list[str]]) -> Iterator[list[str]]:
    try:
        for _ in range(recognition.SCANNED_ROWS + 1):
            if (row := next(rows, None)) is None:
                return
            yield row
    except csv.Error:  # a quote that swallows all that follows
        return


def sheet_of(
    file: Path, *, path: Path, where: str, names: Names, scratch: Path, progress: Progress
) -> tuple[Sheet, Match]:
    """The table in `file`, which lies at `path` or in it. A copy for DuckDB is made if needed."""
    source = Source(file, where, scratch, progress)
    raw = decoding.head_of(file, where=where)
    every = dict.fromkeys(e for layout in names.layouts.values() for e in layout.encodings)
    heads = {encoding: _Head.of(decoding.lines_of(raw, encoding), names) for encoding in every}
    head = max(heads.values(), key=lambda each: each.match.rank)
    match = head.match
    if not match.is_recognised:
        if not match.columns:
            source.decoded(tuple(every))  # the better reason, if no encoding fits at all
        raise recognition.not_recognised(match, head.header, where=where)
    fitting = [e for e in match.layout.encodings if heads[e].is_of(match.stem)]
    decoded = replace(source, comment=match.layout.comment).decoded(fitting)
    if file not in (path, decoded.path):
        file.unlink()  # the member of a ZIP is not needed beside its copy
    columns = named(head.header, match, where=where)
    sheet = Sheet(
        name=where,
        path=path,
        sha256=decoded.sha256,
        header=tuple(columns.values()),
        banner=banner(head.rows[: head.place]),
        used=match.used,
        rows=TextRows(decoded.path, head.separator, head.quote, head.place + 1, head.width),
        places=tuple(columns),
    )
    return sheet, match
