"""Memory that does not suffice and disks that are full, however Python, Polars or DuckDB say so."""

from __future__ import annotations

import errno
import re
from pathlib import Path

from channelscope.errors import ChannelscopeError, DiskFullError, OutOfMemoryError

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_FULL_TEXTS = ("No space left on device", "Disk quota exceeded", "File too large")
_SPILL_FULL = "max_temp_directory_size"
_HELD = re.compile(r"/(?P<amount>[\d.]+) (?P<unit>[KMGT]iB|bytes) used")
_UNITS = {"bytes": 1, "KiB": 2**10, "MiB": 2**20, "GiB": 2**30, "TiB": 2**40}
_LEAST = 256_000_000
"""With less, few runs end; nothing below it is proposed."""


def of(
    error: BaseException, *, where: str | None = None, file: Path | None = None
) -> ChannelscopeError | None:
    """The one clear message for `error` or what it comes from, when that is a shortage.

    `where`: what was being done; `file`: what was written, for errors that do not name it.
    """
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, OutOfMemoryError | DiskFullError):
            return cause
        kind, text = type(cause).__name__, str(cause)
        if kind == "OutOfMemoryException" and _SPILL_FULL in text:
            return _disk("of temporary files", where)
        if isinstance(cause, MemoryError) or kind == "OutOfMemoryException":
            return _memory(text, where)
        if _is_full(cause):
            return _disk(_file(cause, file), where)
        cause = cause.__cause__ or cause.__context__
    return None


def _is_full(error: BaseException) -> bool:
    if isinstance(error, OSError) and error.errno in _FULL:
        return True
    # Polars and DuckDB tell the system's words.
    is_theirs = isinstance(error, OSError) or type(error).__module__.startswith(
        ("polars", "_duckdb", "duckdb")
    )
    return is_theirs and any(text in str(error) for text in _FULL_TEXTS)


def _file(error: BaseException, written: Path | None) -> str:
    """Which disk is full, as far as it is told."""
    name = getattr(error, "filename", None) or written
    if not name:
        named = re.search(r'file \\?"(?P<name>[^"\\]+)', str(error))
        name = named["name"] if named else None
    return f"of {name}" if name else "written to"


def _disk(which: str, where: str | None) -> DiskFullError:
    return DiskFullError(
        f"the disk {which} is full",
        where=where,
        expected="space for what is written, and for what memory does not hold",
        advice="make space, or name a folder on another disk with --temp-dir or --out, or raise"
        " --memory-limit; the last output is untouched",
    )


def _memory(text: str, where: str | None) -> OutOfMemoryError:
    found = _HELD.search(text)
    if found is None:
        return OutOfMemoryError(
            "the machine has not enough memory",
            where=where,
            expected="more free memory",
            advice="free memory, or lower --memory-limit and --threads; the last output is"
            " untouched",
        )
    held = round(float(found["amount"]) * _UNITS[found["unit"]])
    more = max(2 * held, _LEAST)
    return OutOfMemoryError(
        f"the database has not enough memory: its limit is {amount(held)}",
        where=where or "--memory-limit",
        expected=f"about {amount(more)}; a large workspace needs more than a small one",
        advice=f"--memory-limit {amount(more)}, or fewer --threads; the last output is untouched",
    )


def amount(size: int) -> str:
    """Bytes as the flag takes them, to two digits: 512MB, 1.0GB."""
    for unit, name in ((10**12, "TB"), (10**9, "GB"), (10**6, "MB")):
        if size >= 0.995 * unit:  # 976.5 KiB are 1.0MB
            return f"{size / unit:.1f}{name}" if size < 10 * unit else f"{size / unit:.0f}{name}"
    return f"{size / 1000:.0f}KB"
