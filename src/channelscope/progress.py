"""What a run tells of how far it is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Protocol, TypeVar


class Progress(Protocol):
    """Called when a stage begins, and again as it gets on.

    `done` of `of`: in `load` bytes of CSV and XLSX dealt with; in `check` and `cube` order lines
    gone through, by all scans of the stage together; in `compare` dimensions; in `render` charts.
    0 of 0 where a stage does not count.
    """

    def __call__(self, stage: str, /, *, done: int = 0, of: int = 0) -> None:
        """Tell that `stage` is running."""


def unheard(_note: str) -> None:
    """What is told to nobody."""


def silence(stage: str, /, *, done: int = 0, of: int = 0) -> None:
    """The progress of nobody who watches."""


class Count:
    """How far a stage is, told to `progress` as bits of it get done."""

    def __init__(self, progress: Progress, stage: str, *, of: int) -> None:
        self._progress, self._stage, self._of = progress, stage, of
        self._done = 0
        progress(stage, done=0, of=of)

    def add(self, done: int = 1) -> None:
        """So much more is done."""
        self._done += done
        self._progress(self._stage, done=self._done, of=self._of)


Each = TypeVar("Each")


def counted(every: Iterable[Each], progress: Progress, stage: str, *, of: int) -> Iterator[Each]:
    """`every`, and of each told that it is done once the next is asked for."""
    count = Count(progress, stage, of=of)
    for each in every:
        yield each
        count.add()
