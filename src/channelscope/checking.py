"""The data checks alone: where the raw tables lie, and without cubes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from channelscope import quality
from channelscope.engine.protocol import Engine
from channelscope.loading import Loaded
from channelscope.preparation import Request, opened
from channelscope.progress import Progress, silence
from channelscope.quality import Quality


def checked(request: Request, progress: Progress) -> tuple[Loaded, Quality]:
    """What the tables are, closed, and what every check found in them."""
    progress("load")
    with reading(request, progress=progress) as (loaded, scans):
        progress("check")
        return loaded, quality.check(loaded, scans=scans)


@contextmanager
def reading(request: Request, *, progress: Progress = silence) -> Iterator[tuple[Loaded, Engine]]:
    """The tables as far as they can be read, and the engine that holds the raw ones."""
    with ExitStack() as stack:
        loaded, scans, cache = opened(request, progress=progress)
        for part in (cache, loaded, scans):
            stack.callback(part.close)
        yield loaded, scans
