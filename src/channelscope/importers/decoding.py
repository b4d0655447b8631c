"""Text files of any known encoding as UTF-8 with one kind of line end, in bounded memory."""

from __future__ import annotations

import codecs
import hashlib
import io
import os
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from channelscope.errors import DataError

CHUNK = 1 << 22
HEAD = 1 << 18
"""How much of a file is looked at to find its header."""

Progress = Callable[[str, int, int], None]
"""Called with a file's name, the bytes done and all its bytes."""

_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_BOM = "\ufeff"
_JAPAN = b"Amazon.co.jp"


@dataclass(frozen=True, slots=True)
class Decoded:
    """A file that is UTF-8 and has one kind of line end."""

    path: Path
    sha256: str  # of the bytes that were handed in


def head_of(path: Path, *, where: str) -> bytes:
    """The first bytes of a text file. DataError when it is empty or no text."""
    with path.open("rb") as file:
        head = file.read(HEAD)
    if head.startswith(_UTF16):
        raise _wrong_encoding("is utf-16", where)
    if b"\0" in head:
        raise DataError(
            "is neither text nor a workbook",
            where=where,
            expected="CSV, TSV, XLSX or XLS, or a ZIP of them",
            advice="download the export again",
        )
    if not head.strip(b"\xef\xbb\xbf \t\r\n"):
        raise DataError(
            "is empty",
            where=where,
            expected="a row of column names, then rows",
            advice="export it again",
        )
    return head


def lines_of(head: bytes, encoding: str) -> str:
    """The whole lines of `head`, to find a header in: bytes that do not fit are passed over."""
    text = head.decode(encoding, errors="replace").removeprefix(_BOM)
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return lines if len(head) < HEAD else lines[: lines.rfind("\n") + 1] or lines


@dataclass(frozen=True, slots=True)
class Source:
    """A text file to be read. `where`: what it is called in messages and to `progress`.

    Lines that begin with `comment` are blank in a copy, so that rows keep their numbers.
    """

    path: Path
    where: str
    scratch: Path
    progress: Progress
    comment: str | None = None

    def decoded(self, encodings: Sequence[str]) -> Decoded:
        """The file itself when it can be read as it lies, else a copy in `scratch`.

        Raises: DataError with the first byte that does not fit, for each of `encodings`.
        """
        faults = []
        for encoding in _in_question(encodings, self.path):
            try:
                return self._utf8() if _is_utf8(encoding) else self._copy(encoding)
            except _UndecodableError as error:
                faults.append(error)
        raise _wrong_encoding(_told(faults), self.where)

    def _utf8(self) -> Decoded:
        ends = _LineEnds()
        with self.path.open("rb") as file:
            text = _Text(file, "utf-8-sig")
            for chunk, _ in text:
                ends.count(chunk)
                self._tell(text)
        if ends.agree and not self.comment:
            return Decoded(self.path, text.digest.hexdigest())
        return self._copy("utf-8-sig")

    def _copy(self, encoding: str) -> Decoded:
        handle, name = tempfile.mkstemp(suffix=".csv", dir=self.scratch)
        comments = _Comments(self.comment) if self.comment else None
        newlines = io.IncrementalNewlineDecoder(None, translate=True)
        try:
            with self.path.open("rb") as file, os.fdopen(handle, "wb") as out:
                text = _Text(file, encoding)
                for chunk, decoded in text:
                    lines = newlines.decode(decoded, final=not chunk)
                    if out.tell() == 0:
                        lines = lines.removeprefix(_BOM)
                    if comments:
                        lines = comments.blank(lines, last=not chunk)
                    out.write(lines.encode())
                    self._tell(text)
        except BaseException:
            Path(name).unlink()
            raise
        return Decoded(Path(name), text.digest.hexdigest())

    def _tell(self, text: _Text) -> None:
        self.progress(self.where, text.done, text.total)


def _in_question(encodings: Sequence[str], path: Path) -> Iterator[str]:
    """cp1252 takes nearly any bytes, so Japanese is told by what the file says of itself."""
    for encoding in encodings:
        if "cp932" in encodings and encoding in ("cp932", "cp1252"):
            if _has(path, _JAPAN) == (encoding == "cp932"):
                yield encoding
        else:
            yield encoding


def _has(path: Path, word: bytes) -> bool:
    with path.open("rb") as file:
        kept = b""
        while chunk := file.read(CHUNK):
            kept = kept[-len(word) :] + chunk
            if word in kept:
                return True
    return False


def _is_utf8(encoding: str) -> bool:
    return codecs.lookup(encoding).name.startswith("utf-8")


class _UndecodableError(Exception):
    """The first byte that an encoding does not have."""

    def __init__(self, encoding: str, *, offset: int, line: int) -> None:
        super().__init__(encoding)
        self.encoding, self.offset, self.line = encoding, offset, line

    def __str__(self) -> str:
        name = "utf-8" if _is_utf8(self.encoding) else self.encoding
        return f"{name} (byte {self.offset + 1}, line {self.line})"


@dataclass(slots=True)
class _Text:
    """The chunks of a file as bytes and as text: its digest, and where decoding fails."""

    file: BinaryIO
    encoding: str
    digest: hashlib._Hash = field(default_factory=hashlib.sha256)
    done: int = 0
    lines: int = 0

    @property
    def total(self) -> int:
        """Bytes of the file."""
        return os.fstat(self.file.fileno()).st_size

    def __iter__(self) -> Iterator[tuple[bytes, str]]:
        decoder = codecs.getincrementaldecoder(self.encoding)("strict")
        chunk = b"first"
        while chunk:
            chunk = self.file.read(CHUNK)
            self.digest.update(chunk)
            try:
                text = decoder.decode(chunk, final=not chunk)
            except UnicodeDecodeError as error:
                raise self._fault(chunk, error) from error
            self.done += len(chunk)
            self.lines += chunk.count(b"\n")
            yield chunk, text

    def _fault(self, chunk: bytes, error: UnicodeDecodeError) -> _UndecodableError:
        # The decoder's object is what it had kept of the chunk before, and this chunk.
        within = error.start - (len(error.object) - len(chunk))
        line = self.lines + chunk.count(b"\n", 0, max(within, 0)) + 1
        return _UndecodableError(self.encoding, offset=self.done + within, line=line)


@dataclass(slots=True)
class _LineEnds:
    """How many lines end in each of the three ways."""

    both: int = 0
    feeds: int = 0
    returns: int = 0
    last: bytes = b""

    def count(self, chunk: bytes) -> None:
        self.feeds += chunk.count(b"\n")
        if returns := chunk.count(b"\r"):
            self.returns += returns
            self.both += chunk.count(b"\r\n")
        self.both += self.last == b"\r" and chunk[:1] == b"\n"
        self.last = chunk[-1:]

    @property
    def agree(self) -> bool:
        """Every line ends in a feed, or every one in both; a lone return never counts as one."""
        return self.returns == self.both and self.both in (0, self.feeds)


@dataclass(slots=True)
class _Comments:
    """Blanks lines that begin with a mark, outside of quoted cells."""

    mark: str
    kept: str = ""
    in_quotes: bool = False

    def blank(self, text: str, *, last: bool) -> str:
        *lines, tail = (self.kept + text).split("\n")
        whole = "".join(self._line(line) + "\n" for line in lines)
        self.kept = "" if last else tail
        return whole + self._line(tail) if last else whole

    def _line(self, line: str) -> str:
        if not self.in_quotes and line.startswith(self.mark):
            return ""
        self.in_quotes ^= line.count('"') % 2 == 1
        return line


def _told(faults: Sequence[_UndecodableError]) -> str:
    if len(faults) == 1:
        return f"is not {faults[0]}"
    return f"is neither {' nor '.join(str(fault) for fault in faults)}"


def _wrong_encoding(what: str, where: str) -> DataError:
    return DataError(
        what,
        where=where,
        expected="the encoding in which the platform exports, or utf-8",
        advice="download the export again, or save it as 'CSV UTF-8'",
    )
