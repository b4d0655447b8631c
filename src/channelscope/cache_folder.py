"""`.channelscope/cache` of a workspace: entries that are whole or not there, for one run at a time.

An entry is a Parquet file and its seal, a checksum of name, key and content that is written last:
what a killed run leaves behind has none, and what changed afterwards does not agree with it.
"""

from __future__ import annotations

import hashlib
import os
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from channelscope.errors import UsageError

FOLDER = Path(".channelscope", "cache")
KEPT_DAYS = 30
"""An entry that no run has used for so long is dropped."""
KEPT_BYTES = 20 * 2**30
"""Above so much, entries are dropped, those used longest ago first."""

_JUST_USED = 3600
"""Seconds: what the same command used before it took the lock once more is not dropped for size."""
_LOCK = "lock"
_DATA, _SEAL, _UNFINISHED = ".parquet", ".sha256", ".part"


class DamagedError(Exception):
    """An entry whose content is not what was sealed."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One kept result. `size`: bytes on disk; `used`: when a run last made or read it."""

    name: str
    path: Path
    size: int
    used: datetime

    def remove(self) -> None:
        """Take it away, the seal first: what is left of it then is no entry."""
        _seal_of(self.path).unlink(missing_ok=True)
        self.path.unlink(missing_ok=True)


@dataclass(frozen=True, slots=True)
class CacheFolder:
    """The folder while this process holds its lock."""

    path: Path
    lock: int

    @classmethod
    def take(cls, workspace: Path) -> CacheFolder:
        """Make the folder if need be, and lock it; the lock ends with the process at the latest.

        Raises:
            UsageError: another run holds it.
            OSError: the folder cannot be made or written.
        """
        path = workspace / FOLDER
        path.mkdir(parents=True, exist_ok=True)
        path = path.resolve()
        lock = os.open(path / _LOCK, os.O_RDWR | os.O_CREAT, 0o666)
        try:
            if not locked(lock):
                raise _in_use(path)
            taken = cls(path, lock)
            taken._remove_leftovers()
        except BaseException:
            os.close(lock)
            raise
        return taken

    def find(self, name: str, key: str) -> Path | None:
        """The file of an entry, or None; DamagedError when it is not as it was written."""
        path = self._data(name, key)
        seal = _seal_of(path)
        if not seal.exists():
            return None
        try:
            agrees = seal.read_text(encoding="ascii") == _sealed(name, key, path)
        except (OSError, ValueError) as error:
            raise DamagedError(path.name) from error
        if not agrees:
            raise DamagedError(path.name)
        with suppress(OSError):  # another person's file
            os.utime(seal)
        return path

    def put(self, name: str, key: str, write: Callable[[Path], None]) -> Path:
        """Make an entry of the file that `write` writes; on failure there is none."""
        path = self._data(name, key)
        unfinished, seal = path.with_suffix(_UNFINISHED), _seal_of(path)
        try:
            write(unfinished)
            _sync(unfinished)
            sealed = _sealed(name, key, unfinished)
            seal.unlink(missing_ok=True)
            unfinished.replace(path)
            unfinished.write_text(sealed, encoding="ascii")
            unfinished.replace(seal)
        except BaseException:
            with suppress(OSError):
                unfinished.unlink(missing_ok=True)
            raise
        return path

    def clear(self) -> tuple[Entry, ...]:
        """Remove every entry; returns what there was."""
        found = entries(self.path)
        for entry in found:
            entry.remove()
        return found

    def close(self, *, needed: Iterable[Path] = ()) -> None:
        """Drop what is old or too much, `needed` excepted, and give the lock back."""
        try:
            with suppress(OSError):
                for entry in _superfluous(entries(self.path), frozenset(needed)):
                    entry.remove()
        finally:
            os.close(self.lock)

    def _data(self, name: str, key: str) -> Path:
        return self.path / f"{name}-{key[:32]}{_DATA}"

    def _remove_leftovers(self) -> None:
        """What a killed run was writing, and halves of entries."""
        for path in self.path.iterdir():
            half = path.suffix == _DATA and not _seal_of(path).exists()
            half |= path.suffix == _SEAL and not path.with_suffix(_DATA).exists()
            if half or path.suffix == _UNFINISHED:
                path.unlink(missing_ok=True)


def entries(folder: Path) -> tuple[Entry, ...]:
    """The entries in a cache folder, used last first; none where there is no folder.

    OSError where it may not be read.
    """
    paths = list(folder.iterdir()) if folder.exists() else []
    found = (_entry(path) for path in paths if path.suffix == _SEAL)
    whole = [entry for entry in found if entry is not None]
    return tuple(sorted(whole, key=lambda entry: (entry.used, entry.path.name), reverse=True))


def is_locked(folder: Path) -> bool:
    """Whether a run holds the folder now: none where files cannot be locked."""
    try:
        lock = os.open(folder / _LOCK, os.O_RDONLY)
    except OSError:
        return False
    try:
        return not locked(lock)
    except OSError:
        return False
    finally:
        os.close(lock)


def _entry(seal: Path) -> Entry | None:
    path = seal.with_suffix(_DATA)
    try:
        sealed, data = seal.stat(), path.stat()
    except OSError:  # taken away meanwhile, or half an entry
        return None
    used = datetime.fromtimestamp(sealed.st_mtime, UTC)
    return Entry(path.stem.rpartition("-")[0], path, sealed.st_size + data.st_size, used)


def _superfluous(found: Iterable[Entry], needed: frozenset[Path]) -> Iterator[Entry]:
    now, size = time.time(), 0
    for entry in found:
        size += entry.size
        unused = now - entry.used.timestamp()
        is_much = size > KEPT_BYTES and unused > _JUST_USED
        if (is_much or unused > KEPT_DAYS * 86_400) and entry.path not in needed:
            yield entry


def _seal_of(path: Path) -> Path:
    return path.with_suffix(_SEAL)


def _sealed(name: str, key: str, path: Path) -> str:
    with path.open("rb") as file:
        content = hashlib.file_digest(file, "sha256").hexdigest()
    return hashlib.sha256(f"{name} {key} {content}".encode()).hexdigest()


def _sync(path: Path) -> None:
    """Onto the disk, so that a name never stands for content that a power cut took away."""
    file = os.open(path, os.O_RDONLY)
    try:
        os.fsync(file)
    finally:
        os.close(file)


def locked(file: int) -> bool:
    """Try to lock; the operating system undoes it when the process ends in whatever way."""
    if sys.platform == "win32":
        raise OSError("folders cannot be locked on this system")
    import fcntl  # noqa: PLC0415  not everywhere

    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _in_use(path: Path) -> UsageError:
    return UsageError(
        "another run is using the cache",
        where=str(path),
        expected="one run on a workspace at a time",
        advice="wait until it has ended",
    )
