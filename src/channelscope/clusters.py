"""A workspace whose raw tables lie on a Spark cluster: opened there, with its small tables here.

Every table of the contract that the cluster has is taken from it; small ones are collected, so
that the rest of the way reads them as if they lay in the workspace. The others are its own files.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from channelscope import contract, loading
from channelscope.engine import spark_session, spark_tables
from channelscope.engine.duckdb import to_frame
from channelscope.engine.spark import RAW, SparkEngine
from channelscope.engine.spark_tables import Found
from channelscope.errors import ConfigError, UsageError
from channelscope.limits import NO_LIMITS, Limits
from channelscope.loading import Loaded
from channelscope.progress import Progress, silence
from channelscope.scratch import Scratch
from channelscope.workspace import FileKind, FileSource, Workspace, existing_folder, require_tables


@dataclass(frozen=True, slots=True)
class Cluster:
    """Where the tables lie: the address of a Spark Connect server, and a schema or folder."""

    remote: str
    tables: str
    shared: Path | None = None


def asked(
    workspace: Workspace, *, engine: str | None, remote: str | None, tables: str | None
) -> Cluster | None:
    """The cluster of flags or channelscope.toml, None where the engine is DuckDB.

    UsageError when an address lacks the other half, or is given for nothing.
    """
    section = workspace.config.engine
    if (engine or section.name) != "spark":
        _refuse_unused(remote, tables)
        return None
    remote, tables = remote or section.remote, tables or section.tables
    if not remote or not tables:
        name = "--remote" if not remote else "--tables"
        raise UsageError(
            f"the engine spark needs {name}",
            where=name,
            expected="sc://host:15002" if not remote else "catalog.schema, or a folder",
            advice=f"or set {name[2:]} under [engine] in channelscope.toml",
        )
    shared = section.shared
    folder = workspace.path / Path(shared).expanduser() if shared else None
    if folder is not None:
        folder = existing_folder(folder, "folder of engine.shared")
    return Cluster(remote, tables, folder)


def _refuse_unused(remote: str | None, tables: str | None) -> None:
    """Whoever names a cluster believes that it is read."""
    given = [name for name, value in (("--remote", remote), ("--tables", tables)) if value]
    if given:
        means = "mean" if len(given) > 1 else "means"
        raise UsageError(
            f"{' and '.join(given)} {means} nothing to DuckDB, which would read the workspace",
            where=given[0],
            expected="--engine spark with them",
            advice='add --engine spark, or name = "spark" under [engine] in channelscope.toml',
        )


def opened(
    workspace: Workspace,
    cluster: Cluster,
    *,
    limits: Limits = NO_LIMITS,
    progress: Progress = silence,
) -> tuple[Loaded, SparkEngine]:
    """The small tables as DuckDB has them, and the engine over the raw ones; both to be closed."""
    with ExitStack() as stack:
        own = stack.enter_context(ExitStack())
        spark = spark_session.connect(cluster.remote)
        own.callback(spark_session.stop, spark)
        found = spark_tables.find(spark, cluster.tables)
        scratch = Scratch.make(limits.over(workspace.limits).temp_dir)
        own.callback(scratch.close)
        there = [name for name in RAW if name in found]
        loaded = _loaded(workspace, found, scratch.path, limits)
        stack.callback(loaded.close)
        small = {
            table.name: to_frame(loaded.session.connection.table(table.name))
            for table in contract.TABLES
            if table.name not in there
        }
        engine = SparkEngine(
            spark, loaded.session, small, holds=frozenset(RAW), shared=cluster.shared,
            progress=progress, own=own,
        )  # fmt: skip
        _show_raw(engine, found, loaded, there)
        stack.pop_all()
        return loaded, engine


def _loaded(
    workspace: Workspace, found: Mapping[str, Found], folder: Path, limits: Limits
) -> Loaded:
    sources = {name: source for name, source in workspace.sources.items() if name not in found}
    counts: dict[str, int] = {}
    for name, table in found.items():
        rows = spark_tables.conformed(contract.BY_NAME[name], table, only_given=True)
        with spark_session.clear_errors(where=f"{name} ({table.label})"):
            if name in RAW:
                counts[name] = int(rows.count())
                continue
            path = folder / f"{name}.parquet"
            pl.DataFrame(pl.from_arrow(rows.toArrow())).write_parquet(path)
        sources[name] = FileSource(name, FileKind.PARQUET, (path,))
    local = [name for name in RAW if name in sources]
    if local:
        raise ConfigError(
            f"{local[0]} lies in the workspace and not on the cluster",
            where=local[0],
            expected="order_lines and price_snapshots where the engine is",
            advice=f"put {local[0]} beside the others on the cluster, or use --engine duckdb",
        )
    ordered = {name: sources[name] for name in contract.BY_NAME if name in sources}
    mixed = dataclasses.replace(
        workspace, sources=ordered, allow_dirs=(*workspace.allow_dirs, folder)
    )
    require_tables(mixed, elsewhere=counts)
    loaded = loading.read(mixed, elsewhere=counts, limits=limits)
    extra = {name: table.extra for name, table in found.items() if table.extra and name in RAW}
    columns = {
        name: tuple(c.name for c in contract.BY_NAME[name].columns if c.name not in table.given)
        for name, table in found.items()
        if name in RAW
    }
    return dataclasses.replace(
        loaded,
        hashes={**loaded.hashes, **spark_tables.labels(found)},
        extra_columns={**loaded.extra_columns, **extra},
        missing_columns={**loaded.missing_columns, **{n: c for n, c in columns.items() if c}},
    )


def _show_raw(
    engine: SparkEngine, found: Mapping[str, Found], loaded: Loaded, there: list[str]
) -> None:
    """Raw tables under their names on the cluster, their money in the workspace's currency."""
    for name in there:
        engine.show(name, spark_tables.conformed(contract.BY_NAME[name], found[name]))
    for name in (name for name in RAW if name not in there):
        engine.register(name, to_frame(loaded.session.connection.table(name)))
    _refuse_currencies(loaded)


def _refuse_currencies(loaded: Loaded) -> None:
    """Rates of every day up to the last one are made of order lines, which are not here."""
    own = loaded.config.workspace.currency
    stores = to_frame(loaded.session.connection.table("stores"))
    foreign = sorted(set(stores["currency"].drop_nulls()) - {own})
    if foreign:
        raise ConfigError(
            f"stores trade in {', '.join(foreign)}, and on Spark money is not turned into {own}",
            where="stores.currency",
            expected=f"order lines whose money is in {own}",
            advice="turn it there, or use --engine duckdb",
        )
