"""CSV as text, some records at a time: in which encoding it is, and where records end."""

from __future__ import annotations

import codecs
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from channelscope.errors import DataError

PIECE = 4 * 2**20
"""So many bytes are read at once; of a file of any size no more is held, but for longer records."""
LONGEST = 16 * PIECE
"""What has more characters is no record: a double quote in it is not closed."""

_UTF16 = (b"\xff\xfe", b"\xfe\xff")


class EndlessRecordError(Exception):
    """A record does not end within `LONGEST`."""


@dataclass(frozen=True, slots=True)
class CsvText:
    """A CSV file of one encoding."""

    path: Path
    encoding: str

    @classmethod
    def of(cls, path: Path) -> CsvText:
        """The file, gone through once to find its encoding; DataError when it has none."""
        with path.open("rb") as file:
            if file.read(2) in _UTF16:
                raise _refused("is utf-16", path)
        bad: dict[str, str] = {}
        for encoding in ("utf-8", "gb18030"):
            found = _first_bad(path, encoding)
            if found is None:
                return cls(path, encoding)
            bad[encoding] = found
        told = " nor ".join(f"{encoding} ({where})" for encoding, where in bad.items())
        raise _refused(f"is neither {told}", path)

    def pieces(self, heard: Callable[[int], None]) -> Iterator[str]:
        """Whole records, the header first; `heard` is called with the number of bytes read.

        Raises EndlessRecordError.
        """
        held = ""
        for text in self._decoded(heard):
            held += text
            end = _end(held)
            if end:
                yield held[:end]
                held = held[end:]
            if len(held) > LONGEST:
                raise EndlessRecordError(self.path.name)
        if held:
            yield held

    def lines(self) -> Iterator[str]:
        """Line by line, as Python's reader of CSV takes them."""
        with self.path.open(encoding=self.encoding) as file:
            yield from file

    def _decoded(self, heard: Callable[[int], None]) -> Iterator[str]:
        """The text, without a byte order mark. Every kind of line end is one: a lone carriage
        return would be a riddle to whoever reads the records."""
        make = codecs.getincrementaldecoder(self.encoding)
        decoder = io.IncrementalNewlineDecoder(make(), translate=True)
        is_begun = False
        with self.path.open("rb") as file:
            while block := file.read(PIECE):
                text = decoder.decode(block)
                yield text if is_begun else text.removeprefix("\ufeff")
                is_begun = is_begun or bool(text)
                heard(len(block))
        yield decoder.decode(b"", final=True)


def _end(text: str) -> int:
    """Where the last whole record of `text` ends; 0 when there is none.

    A record ends where a line does, unless a double quote before it is still open.
    """
    end = text.rfind("\n")
    quotes = text.count('"', 0, end + 1)
    while quotes % 2:
        before = text.rfind("\n", 0, text.rfind('"', 0, end))
        quotes -= text.count('"', before + 1, end)
        end = before
    return end + 1


def _first_bad(path: Path, encoding: str) -> str | None:
    """The first byte that is not of `encoding`, and its line; None when all are."""
    decoder = codecs.getincrementaldecoder(encoding)()
    before, lines = 0, 1
    with path.open("rb") as file:
        while True:
            block, held = file.read(PIECE), decoder.getstate()[0]
            try:
                decoder.decode(block, final=not block)
            except UnicodeDecodeError as error:
                lines += (held + block).count(b"\n", 0, error.start)
                return f"byte {before - len(held) + error.start}, line {lines}"
            if not block:
                return None
            before += len(block)
            lines += block.count(b"\n")


def _refused(what: str, path: Path) -> DataError:
    return DataError(
        what,
        where=path.name,
        expected="utf-8, with or without a byte order mark, or gb18030",
        advice="save it again as 'CSV UTF-8'",
    )
