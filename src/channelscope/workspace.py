"""A folder of tables → Workspace: which table comes from where. Nothing is read yet."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from channelscope import config_file, contract, manifest
from channelscope.config import FILE_NAME, Config, TableSource
from channelscope.errors import ConfigError, DataError, UsageError, did_you_mean
from channelscope.limits import Limits
from channelscope.manifest import Manifest

_NO_TABLES = ("product_map.csv",)
"""Files beside the tables that have a use of their own."""


class FileKind(StrEnum):
    """The files a table can lie in, as their names end."""

    CSV = ".csv"
    PARQUET = ".parquet"
    XLSX = ".xlsx"


@dataclass(frozen=True, slots=True)
class FileSource:
    """One file, or several of one kind, in the order of their names."""

    table: str
    kind: FileKind
    paths: tuple[Path, ...]


@dataclass(frozen=True, slots=True)
class DatabaseSource:
    """A table or view of a DuckDB file."""

    table: str
    path: Path
    name: str


@dataclass(frozen=True, slots=True)
class SqlSource:
    """One select over files and other declared tables."""

    table: str
    sql: str


Written = FileSource | DatabaseSource | SqlSource
"""What a person handed in, as a file or in the toml."""


@dataclass(frozen=True, slots=True)
class MixedSource:
    """What a person handed in, and beside it what was imported."""

    table: str
    written: Written
    imported: FileSource


Source = Written | MixedSource


@dataclass(frozen=True, slots=True)
class Workspace:
    """A workspace as declared. `ignored`: data files whose name is no table's."""

    path: Path
    config: Config
    sources: Mapping[str, Source]
    ignored: tuple[str, ...]
    allow_dirs: tuple[Path, ...]
    manifest: Manifest = field(default_factory=Manifest)

    @property
    def name(self) -> str:
        """The brand as the report prints it."""
        return self.config.workspace.name or self.path.name

    @property
    def allowed(self) -> tuple[Path, ...]:
        """The folders that may be read."""
        return (self.path, *self.allow_dirs)

    @property
    def limits(self) -> Limits:
        """What `[engine]` of the toml lets runs take."""
        engine, folder = self.config.engine, self.config.engine.temp_dir
        memory = engine.memory_limit if "memory_limit" in engine.model_fields_set else None
        temp_dir = self.path / Path(folder).expanduser() if folder else None
        return Limits(memory, engine.threads, temp_dir)


def limits_in(folder: Path) -> Limits:
    """What `[engine]` of the toml in `folder` lets runs take; nothing is asked of its tables."""
    root = existing_folder(folder, "workspace")
    return Workspace(root, config_file.read(root / FILE_NAME), {}, (), ()).limits


def open_workspace(
    path: Path | str, *, allow_dirs: Sequence[Path | str] = (), to_be_filled: bool = False
) -> Workspace:
    """The workspace in `path`; UsageError, ConfigError or DataError says what is wrong with it.

    `to_be_filled`: tables that must exist may still be missing.
    """
    root = existing_folder(Path(path), "workspace")
    allowed = tuple(existing_folder(Path(folder), "folder of --allow-dir") for folder in allow_dirs)
    config = config_file.read(root / FILE_NAME)
    imports = manifest.read(root)
    found = _found(root)
    handed_in = {
        table: _source(table, config.tables.get(table), found.get(table, []), (root, *allowed))
        for table in contract.BY_NAME
        if table in config.tables or table in found
    }
    used = {p for s in handed_in.values() if isinstance(s, FileSource) for p in s.paths}
    ignored = tuple(p.name for p in _data_files(root) if p not in used and p.name not in _NO_TABLES)
    sources = _with_imports(handed_in, imports)
    workspace = Workspace(root, config, sources, ignored, allowed, imports)
    if not to_be_filled:
        require_tables(workspace)
    return workspace


def _with_imports(handed_in: Mapping[str, Written], imports: Manifest) -> dict[str, Source]:
    """Every table that is there in some way, in the order of the contract."""
    sources: dict[str, Source] = {}
    for table in contract.BY_NAME:
        written, parts = handed_in.get(table), imports.parts.get(table)
        imported = FileSource(table, FileKind.PARQUET, parts) if parts else None
        if written and imported:
            sources[table] = MixedSource(table, written, imported)
        elif found := written or imported:
            sources[table] = found
    return sources


def written_part(source: Source) -> Written:
    """The source, or of a mixed one what a person handed in."""
    return source.written if isinstance(source, MixedSource) else source


def existing_folder(path: Path, what: str) -> Path:
    """`path`, resolved; UsageError when it is no folder, told as `what`."""
    if not path.is_dir():
        is_file = "is a file" if path.exists() else "does not exist"
        raise UsageError(f"the {what} '{path}' {is_file}", expected="a folder")
    return path.resolve()


def _data_files(root: Path) -> list[Path]:
    return sorted(p for p in root.iterdir() if p.is_file() and _kind(p) is not None)


def _kind(path: Path) -> FileKind | None:
    suffix = path.suffix.lower()
    return FileKind(suffix) if suffix in list(FileKind) else None


def _found(root: Path) -> dict[str, list[Path]]:
    found: dict[str, list[Path]] = {}
    for path in _data_files(root):
        if path.stem in contract.BY_NAME:
            found.setdefault(path.stem, []).append(path)
    return found


def _source(
    table: str, declared: TableSource | None, found: list[Path], allowed: tuple[Path, ...]
) -> Written:
    where = f"{FILE_NAME}: tables.{table}"
    if declared is None:
        return _file_source(table, found, allowed, where)
    if declared.sql is not None:
        return SqlSource(table, declared.sql)
    if declared.database is not None and declared.table is not None:
        path = inside(Path(declared.database), allowed, where=f"{where}.database")
        _require_file(path, declared.database, f"{where}.database", allowed[0])
        return DatabaseSource(table, path, declared.table)
    assert declared.path is not None
    paths = sorted(_expand(declared.path, allowed, where=f"{where}.path"))
    return _file_source(table, paths, allowed, f"{where}.path")


def _expand(pattern: str, allowed: tuple[Path, ...], *, where: str) -> Iterator[Path]:
    if not any(sign in pattern for sign in "*?["):
        path = inside(Path(pattern), allowed, where=where)
        _require_file(path, pattern, where, allowed[0])
        yield path
        return
    anchor = Path(pattern).anchor
    base = Path(anchor) if anchor else allowed[0]
    matches = [path for path in base.glob(pattern.removeprefix(anchor)) if path.is_file()]
    if not matches:
        raise ConfigError(f"no file is called '{pattern}'", where=where)
    yield from (inside(path, allowed, where=where) for path in matches)


def inside(path: Path, allowed: tuple[Path, ...], *, where: str) -> Path:
    """`path`, taken from the workspace when relative; ConfigError when it leads out of bounds."""
    real = (allowed[0] / path.expanduser()).resolve()
    if not any(real.is_relative_to(folder) for folder in allowed):
        raise ConfigError(
            f"'{path}' lies outside the workspace",
            where=where,
            expected="a path inside the workspace folder",
            advice=f"move it there, or open its folder with --allow-dir {real.parent}",
        )
    return real


def _require_file(path: Path, written: str, where: str, root: Path) -> None:
    if not path.is_file():
        names = [str(p.relative_to(root)) for p in _data_files(root)]
        raise ConfigError(
            f"there is no file '{written}'", where=where, advice=did_you_mean(written, names)
        )


def _file_source(
    table: str, paths: list[Path], allowed: tuple[Path, ...], where: str
) -> FileSource:
    kinds = {_kind(path) for path in paths}
    names = " and ".join(path.name for path in paths[:3])
    if len(paths) > 1 and (not where.endswith(".path")):
        raise UsageError(
            f"two files for one table: {names}",
            where=table,
            expected="one file per table",
            advice=f"remove one, or name the right one in {FILE_NAME}: [tables.{table}] path",
        )
    kind = kinds.pop()
    if kind is None or kinds:
        raise ConfigError(
            f"files of {'several kinds' if kinds else 'another kind'}: {names}",
            where=where,
            expected=f"files of one kind: {', '.join(FileKind)}",
        )
    real = tuple(inside(path, allowed, where=where) for path in paths)
    return FileSource(table, kind, real)


def require_tables(workspace: Workspace, *, elsewhere: Collection[str] = ()) -> None:
    """DataError names each table that must exist and does, neither here nor `elsewhere`, not."""
    there = {*workspace.sources, *elsewhere}
    required = [table.name for table in contract.TABLES if table.required]
    faults = [_missing(name, workspace) for name in required if name not in there]
    if "order_lines" not in there and "price_snapshots" not in there:
        faults.append(_missing("order_lines or price_snapshots", workspace))
    if faults:
        raise DataError.gathered(f"{len(faults)} tables are missing", faults)


def _missing(names: str, workspace: Workspace) -> DataError:
    name = names.split(maxsplit=1)[0]
    near = did_you_mean(name, [Path(p).stem for p in workspace.ignored])
    other = f"; files not used: {', '.join(workspace.ignored)}" if workspace.ignored else ""
    return DataError(
        f"there is no table {names}",
        where=str(workspace.path),
        expected=f"{name}.csv, {name}.parquet or {name}.xlsx, or [tables.{name}] in {FILE_NAME}",
        advice=(near or "'channelscope init DIR' writes an empty one") + other,
    )
