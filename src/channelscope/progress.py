"""What a run tells of how far it is."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """Called when a stage begins, and again as it gets on.

    `done` of `of`: order lines gone through, by all scans of the stage together; 0 of 0 where a
    stage does not count.
    """

    def __call__(self, stage: str, /, *, done: int = 0, of: int = 0) -> None:
        """Tell that `stage` is running."""


def unheard(_note: str) -> None:
    """What is told to nobody."""


def silence(stage: str, /, *, done: int = 0, of: int = 0) -> None:
    """The progress of nobody who watches."""
