"""A folder for what a run needs for a while: private, gone at its end, and told from leftovers.

The lock in it ends with the process in whatever way, so that the next run removes what a killed
one left.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import uuid
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from channelscope import interrupts
from channelscope.cache_folder import locked
from channelscope.errors import UsageError

_NAME, _NEW, _LOCK = "channelscope-", ".new", "lock"


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
            with interrupts.deferred():  # so that what is made has a lock
                return _made(Path(parent or tempfile.gettempdir()).absolute())
        except OSError as error:
            raise UsageError(
                f"no temporary folder can be made: {error.strerror or error}",
                where=str(parent) if parent else "the system's temporary files",
                expected="a folder that is there, that you may write, and that has space",
                advice="name another one with --temp-dir",
            ) from error

    def close(self) -> None:
        """Remove the folder with all that is in it; once, for the lock's number is used anew."""
        shutil.rmtree(self.path, ignore_errors=True)
        if self.lock is not None:
            os.close(self.lock)


def _made(beside: Path) -> Scratch:
    """Locked before it has the name that others look for."""
    _remove_leftovers(beside)
    path = beside / f"{_NAME}{uuid.uuid4().hex}"
    unlocked = path.with_suffix(_NEW)
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


def _remove_leftovers(folder: Path) -> None:
    if sys.platform == "win32":
        return  # nothing has a lock there
    for left in folder.glob(f"{_NAME}*"):
        with suppress(OSError):  # of another user, without a lock, or gone meanwhile
            is_ours = not left.is_symlink() and left.stat().st_uid == os.geteuid()
            if not is_ours or left.suffix == _NEW:
                continue
            lock = os.open(left / _LOCK, os.O_RDWR)
            try:
                if locked(lock):
                    shutil.rmtree(left, ignore_errors=True)
            finally:
                os.close(lock)
