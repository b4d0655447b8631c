"""The data checks alone: where the raw tables lie, and without cubes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager

from channelscope import clusters, loading, quality
from channelscope.engine.protocol import Engine
from channelscope.loading import Loaded
from channelscope.preparation import Request, kept
from channelscope.progress import Progress, silence
from channelscope.quality import Quality
from channelscope.workspace import open_workspace, require_tables


def checked(request: Request, progress: Progress) -> tuple[Loaded, Quality]:
    """What the tables are, closed, and what every check found in them."""
    progress("load")
    with opened(request, progress=progress) as (loaded, scans):
        progress("check")
        return loaded, quality.check(loaded, scans=scans)


@contextmanager
def opened(
    request: Request, *, progress: Progress = silence
) -> Iterator[tuple[Loaded, Engine | None]]:
    """The tables, and the engine that holds the raw ones, where that is not DuckDB."""
    workspace = open_workspace(request.workspace, allow_dirs=request.allow_dirs, to_be_filled=True)
    with ExitStack() as stack:
        if (request.engine or workspace.config.engine.name) == "spark":
            cluster = clusters.asked(workspace, remote=request.remote, tables=request.tables)
            loaded, scans = clusters.opened(workspace, cluster, limits=request.limits)
            stack.enter_context(closing(loaded))
            yield loaded, stack.enter_context(closing(scans))
            return
        require_tables(workspace)
        temp_dir = request.limits.over(workspace.limits).temp_dir
        cache = stack.enter_context(closing(kept(request, temp_dir=temp_dir)))
        loaded = loading.read(workspace, limits=request.limits, cache=cache, progress=progress)
        yield stack.enter_context(closing(loaded)), None
