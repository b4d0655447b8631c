"""Results kept between runs under the workspace; with and without it the same comes out.

A key is everything a result is made of, so an entry never has to be declared stale: what is made
of something else has another key. What is damaged is made anew, and what cannot be kept is made
all the same; `notes` says so.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable
from pathlib import Path

import polars as pl

from channelscope.cache_folder import FOLDER, CacheFolder, DamagedError
from channelscope.errors import UsageError
from channelscope.progress import unheard
from channelscope.scratch import Scratch

NAMED = 3
"""So many damaged entries are told by name; of further ones only how many there were."""


class Cache:
    """What runs on one workspace keep. `notes`: what was damaged or cannot be kept, for people;
    told as they come."""

    def __init__(
        self,
        folder: CacheFolder | None = None,
        *,
        tell: Callable[[str], None] = unheard,
        temp_dir: Path | None = None,
    ) -> None:
        self.notes: list[str] = []
        self._tell = tell
        self._folder = folder
        self._is_writable = folder is not None
        self._used: set[Path] = set()
        self._temp_dir = temp_dir
        self._own: Scratch | None = None
        self._damaged = 0
        self._check: Callable[[], None] = lambda: None

    @classmethod
    def at(
        cls,
        workspace: Path,
        *,
        without: str = "nothing is cached",
        tell: Callable[[str], None] = unheard,
        temp_dir: Path | None = None,
    ) -> Cache:
        """The cache of the workspace in a folder, held until `close`.

        One that another run is using, or that cannot be written, is as good as none, and `notes`
        says why, after the words `without`. Files that it does not take lie in a folder of their
        own in `temp_dir`.
        """
        try:
            return cls(CacheFolder.take(workspace), tell=tell, temp_dir=temp_dir)
        except (OSError, UsageError) as error:
            cache = cls(tell=tell, temp_dir=temp_dir)
            cache._note(f"{without}: {_why(error)}")
            return cache

    @classmethod
    def off(cls, *, temp_dir: Path | None = None) -> Cache:
        """Nothing is kept: frames are made each time, files lie in a folder until `close`."""
        return cls(temp_dir=temp_dir)

    @property
    def folders(self) -> tuple[Path, ...]:
        """Where the files of `file` lie: a session that is to read them must be let in there."""
        own = self._own_folder()
        return (own,) if self._folder is None else (self._folder.path, own)

    def watch(self, check: Callable[[], None]) -> None:
        """Keep a result only after `check`, which raises where its key no longer tells the truth
        of what it was made of."""
        self._check = check

    def frame(self, name: str, key: str, make: Callable[[], pl.DataFrame]) -> pl.DataFrame:
        """The frame that `make` makes, or has made for the same key: equal in types and order."""
        path = self._find(name, key)
        if path is not None:
            try:
                # One chunk each time: sums over chunks differ in their last digits.
                return pl.read_parquet(path).rechunk()
            except (pl.exceptions.PolarsError, OSError):
                self._tell_damaged(path.name)
        frame = make().rechunk()
        self._put(name, key, frame.write_parquet)
        return frame

    def file(self, name: str, key: str, write: Callable[[Path], None]) -> Path:
        """The Parquet file that `write` writes to the path it is given, or has written before."""
        kept = self._find(name, key) or self._put(name, key, write)
        if kept is not None:
            return kept
        path = self._own_folder() / f"{name}-{key[:32]}.parquet"
        if not path.exists():
            unfinished = path.with_suffix(".part")
            write(unfinished)
            unfinished.replace(path)
        return path

    def close(self) -> None:
        """Give the cache back to other runs; old entries go."""
        if self._damaged > NAMED:
            self._tell(f"so were {self._damaged - NAMED:,} more cache entries")
            self._damaged = 0
        if self._own is not None:
            self._own.close()
            self._own = None
        if self._folder is not None:
            self._folder.close(needed=self._used)
            self._folder, self._is_writable = None, False

    def _own_folder(self) -> Path:
        self._own = self._own or Scratch.make(self._temp_dir)
        return self._own.path

    def _find(self, name: str, key: str) -> Path | None:
        if self._folder is None:
            return None
        try:
            path = self._folder.find(name, key)
        except DamagedError as damaged:
            self._tell_damaged(str(damaged))
            return None
        if path is not None:
            self._used.add(path)
        return path

    def _put(self, name: str, key: str, write: Callable[[Path], None]) -> Path | None:
        """Where the entry lies; None when the disk does not take it, which is not tried again."""
        if self._folder is None or not self._is_writable:
            return None

        def checked(path: Path) -> None:
            write(path)
            self._check()

        try:
            path = self._folder.put(name, key, checked)
        except Exception as error:
            if not _is_of_disk(error, name=name):
                raise
            self._is_writable = False
            self._note(f"nothing more is cached: {_why(error)}")
            return None
        self._used.add(path)
        return path

    def _tell_damaged(self, file: str) -> None:
        text = f"the cache entry {file} was damaged and is made anew"
        self._damaged += 1
        if self._damaged > NAMED:
            self.notes.append(text)
        else:
            self._note(text)

    def _note(self, text: str) -> None:
        self.notes.append(text)
        self._tell(text)


def key(*parts: str | bytes | pl.DataFrame) -> str:
    """One name for everything a result is made of: SHA-256, hexadecimal.

    Equal frames have equal names, however they came to be: nulls, chunks and flags leave no trace
    in the Parquet of their rows, as they would in Arrow's.
    """
    digest = hashlib.sha256()
    for part in parts:
        kind, content = _encoded(part)
        digest.update(f"{kind}{len(content)}:".encode())
        digest.update(content)
    return digest.hexdigest()


def _encoded(part: str | bytes | pl.DataFrame) -> tuple[str, bytes]:
    if isinstance(part, pl.DataFrame):
        rows = io.BytesIO()
        part.rechunk().write_parquet(rows, compression="uncompressed", statistics=False)
        return "frame", rows.getvalue()
    return ("text", part.encode()) if isinstance(part, str) else ("bytes", part)


def _is_of_disk(error: BaseException | None, *, name: str) -> bool:
    """Whether writing the entry `name` failed, as Python, Polars or the database tells it, and not
    the making: the database names the file that it cannot write, read or spill to."""
    while error is not None:
        if isinstance(error, OSError):
            return True
        if type(error).__name__ == "IOException" and f"{FOLDER.name}/{name}-" in str(error):
            return True
        if isinstance(error, pl.exceptions.PolarsError) and "os error" in str(error):
            return True
        error = error.__cause__
    return False


def _why(error: Exception) -> str:
    if isinstance(error, UsageError):
        return error.what
    if isinstance(error, OSError) and error.strerror:
        return f"{error.strerror} ({error.filename})" if error.filename else error.strerror
    return str(error).splitlines()[0]
