"""A folder for what a run needs for a while: private, gone at its end, and told from leftovers.

The lock in it ends with the process in whatever way, so that the next run removes what a killed
one left.
"""

from __future__ import annotations

import glob
import os
import shutil
import sys
import tempfile
import time
import uuid
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from channelscope import interrupts
from channelscope.cache_folder import locked
from channelscope.errors import UsageError

_NAME, _NEW, _LOCK = "channelscope-", ".new", "lock"
_NEW_SECONDS = 3600
"""A run locks a folder within a moment of making it: one that has not by then never will."""


@dataclass(frozen=True, slots=True)
class Scratch:
    """A folder that is there until `close`."""

    path: Path
    lock: int | None

    @classmethod
    def make(cls, parent: Path | None = None) -> Scratch:
        """A new folder in `parent`, or where the system has its temporary files; nobody else may
        look into it. What killed runs left beside it goes.

        Raises:
            UsageError: it cannot be made there.
        """
        try:
            return cls.named(_NAME, Path(parent or tempfile.gettempdir()).absolute())
        except OSError as error:
            raise UsageError(
                f"no temporary folder can be made: {error.strerror or error}",
                where=str(parent) if parent else "the system's temporary files",
                expected="a folder that is there, that you may write, and that has space",
                advice="name another one with --temp-dir",
            ) from error

    @classmethod
    def named(cls, name: str, parent: Path) -> Scratch:
        """The same in `parent`, under a name that begins with `name`, which is ours alone.

        Raises:
            OSError: it cannot be made there.
        """
        with interrupts.deferred():  # so that what is made has a lock
            remove_leftovers(name, parent)
            return _made(name, parent)

    def close(self) -> None:
        """Remove the folder with all that is in it; once, for the lock's number is used anew."""
        shutil.rmtree(self.path, ignore_errors=True)
        if self.lock is not None:
            os.close(self.lock)


def remove_leftovers(name: str, folder: Path) -> None:
    """What killed runs left in `folder` under names that begin with `name` goes."""
    if sys.platform == "win32":
        return  # nothing has a lock there
    ours = f"{glob.escape(name)}{'[0-9a-f]' * 32}"
    for pattern, remove in ((ours, _remove_unless_held), (f"{ours}{_NEW}", _remove_new)):
        for left in folder.glob(pattern):
            with suppress(OSError):  # of another user, without a lock, or gone meanwhile
                if not left.is_symlink() and left.stat().st_uid == os.geteuid():
                    remove(left)


def _remove_new(folder: Path) -> None:
    """A folder that was never put to use: there is nothing in it but a lock."""
    if time.time() - folder.stat().st_mtime < _NEW_SECONDS:
        return
    if {path.name for path in folder.iterdir()} <= {_LOCK}:
        (folder / _LOCK).unlink(missing_ok=True)
        folder.rmdir()


def _remove_unless_held(folder: Path) -> None:
    """The operating system gives up what a run held when it ends in whatever way."""
    lock = os.open(folder / _LOCK, os.O_RDWR)
    try:
        if locked(lock):
            shutil.rmtree(folder, ignore_errors=True)
    finally:
        os.close(lock)


def _made(name: str, beside: Path) -> Scratch:
    """Locked before it has the name that others look for."""
    path = beside / f"{name}{uuid.uuid4().hex}"
    unlocked = path.with_name(f"{path.name}{_NEW}")
    try:
        unlocked.mkdir(mode=0o700)
        lock = _taken(unlocked / _LOCK)
        unlocked.rename(path)
    except OSError:
        shutil.rmtree(unlocked, ignore_errors=True)
        raise
    return Scratch(path.resolve(), lock)


def _taken(path: Path) -> int | None:
    """The lock; None where files cannot be locked, and nothing is taken for a leftover."""
    lock = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        locked(lock)
    except OSError:
        os.close(lock)
        path.unlink()
        return None
    return lock
