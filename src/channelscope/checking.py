"""The data checks alone: where the raw tables lie, and without cubes."""

from __future__ import annotations

from contextlib import closing

from channelscope import clusters, loading, quality
from channelscope.engine.protocol import Engine
from channelscope.loading import Loaded
from channelscope.preparation import Request
from channelscope.progress import Progress
from channelscope.quality import Quality
from channelscope.workspace import open_workspace, require_tables


def checked(request: Request, progress: Progress) -> tuple[Loaded, Quality]:
    """What the tables are, closed, and what every check found in them."""
    progress("load")
    loaded, scans = opened(request)
    with closing(loaded), loaded.files.unchanged():
        progress("check")
        if scans is None:
            return loaded, quality.check(loaded)
        with closing(scans):
            return loaded, quality.check(loaded, scans=scans)


def opened(request: Request) -> tuple[Loaded, Engine | None]:
    """The tables, and the engine that holds the raw ones, where that is not DuckDB."""
    workspace = open_workspace(request.workspace, allow_dirs=request.allow_dirs, to_be_filled=True)
    if (request.engine or workspace.config.engine.name) == "spark":
        cluster = clusters.asked(workspace, remote=request.remote, tables=request.tables)
        return clusters.opened(workspace, cluster, limits=request.limits)
    require_tables(workspace)
    return loading.read(workspace, limits=request.limits), None
