"""The data checks alone: where the raw tables lie, and without cubes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace

from channelscope import quality
from channelscope.engine.protocol import Engine
from channelscope.loading import Loaded
from channelscope.preparation import Request, opened
from channelscope.progress import Progress
from channelscope.quality import Quality


def checked(request: Request, progress: Progress) -> tuple[Loaded, Quality]:
    """What the tables are, closed, and what every check found in them."""
    progress("load")
    with reading(request) as (loaded, scans):
        progress("check")
        return loaded, quality.check(loaded, scans=scans)


@contextmanager
def reading(request: Request) -> Iterator[tuple[Loaded, Engine]]:
    """The tables as far as they can be read, and the engine that holds the raw ones; nothing is
    kept between runs."""
    with ExitStack() as stack:
        loaded, scans, cache = opened(replace(request, no_cache=True))
        for part in (cache, loaded, scans):
            stack.callback(part.close)
        yield loaded, scans
