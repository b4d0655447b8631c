"""The files of a run: each stays from first to last what it was, or the run ends.

Rows are read long after a file is named by its content: of one that is replaced meanwhile, figures
would mix two states, and what is kept under its name would be wrong for good.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from channelscope.errors import DataError

_Stamp = tuple[int, int, int]


class FilesRead:
    """What a run reads, by what the system tells of each file when it is first seen."""

    def __init__(self) -> None:
        self._seen: dict[Path, _Stamp] = {}
        self._digests: dict[Path, bytes] = {}

    def note(self, paths: Iterable[Path]) -> None:
        """From now on these must stay as they are; whoever opens one that is not there tells so."""
        for path in paths:
            stamp = _stamp(path)
            if stamp is not None:
                self._seen.setdefault(path, stamp)

    def digest(self, path: Path) -> bytes:
        """SHA-256 of a file, read once; none of one that may not be read, as its reader tells."""
        self.note([path])
        if path not in self._digests:
            try:
                self._digests[path] = _sha256(path)
            except OSError:
                return b""
        return self._digests[path]

    @contextmanager
    def unchanged(self) -> Iterator[None]:
        """What is done within ends with one DataError where a file has changed: whatever else was
        found wrong may be of two states."""
        try:
            yield
        except Exception as error:
            if changed := self._changed():
                raise changed from error
            raise
        self.require_unchanged()

    def require_unchanged(self) -> None:
        """DataError where a file is not what it was when it was first seen."""
        if changed := self._changed():
            raise changed

    def _changed(self) -> DataError | None:
        names = [path.name for path, seen in self._seen.items() if self._is_changed(path, seen)]
        if not names:
            return None
        more = f" and {len(names) - 1} more files" if len(names) > 1 else ""
        return DataError(
            "changed while it was read",
            where=f"{names[0]}{more}",
            expected="files that stay as they are until the run has ended",
            advice="run again when nothing writes them; no result of it is kept",
        )

    def _is_changed(self, path: Path, seen: _Stamp) -> bool:
        now = _stamp(path)
        if now == seen:
            return False
        if now is None or now[:-1] != seen[:-1] or _sha256(path) != self._digests.get(path):
            return True
        self._seen[path] = now  # some systems give the same file another number after a while
        return False


def _stamp(path: Path) -> _Stamp | None:
    """When a file was written, its size, and which file it is."""
    try:
        told = path.stat()
    except OSError:
        return None
    return told.st_mtime_ns, told.st_size, told.st_ino


def _sha256(path: Path) -> bytes:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").digest()
