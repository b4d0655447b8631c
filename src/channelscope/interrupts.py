"""What must not be cut in two: a signal that comes meanwhile is heard afterwards."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

DONE = "what was being written is complete"
"""Noted on an interrupt that was heard only after something had been written."""
ENDING = (signal.SIGINT, signal.SIGTERM)
"""What asks a run to end: Ctrl-C, and a system that stops it."""


@contextmanager
def deferred() -> Iterator[None]:
    """Ctrl-C and the like wait until the block is through."""
    if threading.current_thread() is not threading.main_thread():
        yield  # signals are heard in the main thread alone
        return
    came: list[int] = []

    def mark(number: int, _frame: FrameType | None) -> None:
        came.append(number)

    before = {number: signal.getsignal(number) for number in ENDING}
    held = {number: handler for number, handler in before.items() if callable(handler)}
    for number in held:
        signal.signal(number, mark)
    try:
        yield
    finally:
        for number, handler in held.items():
            signal.signal(number, handler)
    if came:
        signal.raise_signal(came[0])
