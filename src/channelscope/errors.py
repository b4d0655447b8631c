"""Every failure a user can meet, and the exit code it ends with. Only `cli` catches them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import IntEnum
from typing import Any, Self


class ExitCode(IntEnum):
    """What the process returns; part of the public contract."""

    OK = 0
    BUG = 1
    USAGE = 2
    DATA = 3
    QUERY = 4
    OUTPUT = 5
    EXCEPTIONS_FOUND = 6
    INTERRUPTED = 130
    TERMINATED = 143


class ChannelscopeError(Exception):
    """One clear message: what is wrong, where, what was expected, what to do.

    `parts` are the single failures when several are told at once, worst first.
    """

    exit_code = ExitCode.BUG

    def __init__(
        self,
        what: str,
        *,
        where: str | None = None,
        expected: str | None = None,
        advice: str | None = None,
        parts: Sequence[ChannelscopeError] = (),
    ) -> None:
        super().__init__(what)
        self.what = what
        self.where = where
        self.expected = expected
        self.advice = advice
        self.parts = tuple(parts)

    @classmethod
    def gathered(cls, what: str, parts: Sequence[ChannelscopeError]) -> Self:
        """All failures as one: the failure itself when there is one, else a list under `what`."""
        if len(parts) == 1 and isinstance(parts[0], cls):
            return parts[0]
        return cls(what, parts=parts)

    def as_dict(self) -> dict[str, Any]:
        """The message in parts, for machines."""
        fields: dict[str, Any] = {
            "kind": type(self).__name__,
            "what": self.what,
            "where": self.where,
            "expected": self.expected,
            "advice": self.advice,
        }
        if self.parts:
            fields["parts"] = [part.as_dict() for part in self.parts]
        return fields

    def __str__(self) -> str:
        parts = [f"{self.where}: {self.what}" if self.where else self.what]
        if self.expected:
            parts.append(f"expected: {self.expected}")
        if self.advice:
            parts.append(f"what to do: {self.advice}")
        parts.extend(str(part).replace("\n", "\n  ") for part in self.parts)
        return "\n  ".join(parts)


class UsageError(ChannelscopeError):
    """A wrong flag, a store that does not exist, a path that is not there."""

    exit_code = ExitCode.USAGE


class ConfigError(UsageError):
    """channelscope.toml cannot be read as it stands."""


class SqlMappingError(UsageError):
    """A table's `sql` is not one select, or reads what it may not."""


class DataError(ChannelscopeError):
    """The data breaks the contract; nothing is written."""

    exit_code = ExitCode.DATA


class QueryError(ChannelscopeError):
    """A query of our own failed, or did not return what its header promises."""

    exit_code = ExitCode.QUERY


class OutputError(ChannelscopeError):
    """An output could not be written; the previous one is untouched."""

    exit_code = ExitCode.OUTPUT


class OutOfMemoryError(QueryError):
    """A run needs more memory than it was given, or than there is."""


class DiskFullError(OutputError):
    """A disk took no more: of an output, of the cache, or of what memory does not hold."""


def did_you_mean(wrong: str, known: Iterable[str]) -> str | None:
    """The advice for a misspelt name, or None when nothing is near."""
    import difflib  # noqa: PLC0415  not for --help

    near = difflib.get_close_matches(wrong, sorted(known), n=1, cutoff=0.6)
    return f"did you mean '{near[0]}'?" if near else None
