"""The parts of imports on disk: written beside, named by what they are made of, committed at once.

A part is never overwritten. The manifest says which of them count; putting it in place is the one
step that changes what a workspace holds, so that an import that stops anywhere leaves it as it was.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

import polars as pl

from channelscope import manifest
from channelscope.errors import OutputError, UsageError
from channelscope.manifest import FILE_NAME, FOLDER, VERSION

_SCRATCH = ".importing-"


def digest(*parts: object) -> str:
    """Twelve letters that name what something is made of."""
    text = json.dumps([str(part) for part in parts])
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def part_name(table: str, store: str, made_of: str) -> str:
    """The file of a part."""
    return f"{table}-{quote(store, safe='')}-{made_of}.parquet"


def store_of(name: str) -> str:
    """The store whose rows a part holds."""
    return unquote(name.split("-", 1)[1].rpartition("-")[0])


@dataclass
class Changes:
    """What an import is about to make of the manifest; nothing counts before `commit`."""

    root: Path
    scratch: Path
    imports: list[Mapping[str, Any]]
    parts: dict[str, list[str]]
    told: dict[str, Any] = field(default_factory=dict)

    def of(self, table: str, store: str) -> list[Path]:
        """The parts of a table that hold rows of a store."""
        return [self.path(n) for n in self.parts.get(table, []) if store_of(n) == store]

    def every(self, table: str) -> list[Path]:
        """The parts of a table."""
        return [self.path(name) for name in self.parts.get(table, [])]

    def path(self, name: str) -> Path:
        """Where a part lies: made by this import, or there before."""
        fresh = self.scratch / name
        return fresh if fresh.exists() else self.root / FOLDER / name

    def has(self, name: str) -> bool:
        """Whether a part of that name is there already."""
        return self.path(name).exists()

    def set(self, table: str, store: str, names: Sequence[str]) -> None:
        """Let these parts be the rows of a store in a table."""
        others = [n for n in self.parts.get(table, []) if store_of(n) != store]
        self.parts[table] = sorted({*others, *names})

    def put(self, table: str, store: str, frame: pl.DataFrame) -> str | None:
        """A frame as the only part of a store in a table; without rows there is none."""
        if frame.is_empty():
            self.set(table, store, [])
            return None
        path = self.scratch / f"{uuid.uuid4().hex}.parquet"
        frame.write_parquet(path, compression="zstd")
        name = part_name(table, store, hashlib.sha256(path.read_bytes()).hexdigest()[:12])
        path.replace(self.scratch / name)
        self.set(table, store, [name])
        return name

    def rows(self, table: str, store: str) -> pl.DataFrame | None:
        """The rows of a store in a small table; None when there are none."""
        paths = self.of(table, store)
        return pl.concat(map(pl.read_parquet, paths), how="diagonal") if paths else None

    def commit(self) -> None:
        """Put the parts and then the manifest in place; parts that no longer count are removed."""
        folder = self.root / FOLDER
        parts = {table: names for table, names in sorted(self.parts.items()) if names}
        wanted = {name for names in parts.values() for name in names}
        body = {"version": VERSION, "imports": self.imports, **self.told, "parts": parts}
        text = json.dumps(body, ensure_ascii=False, indent=1, default=str) + "\n"
        try:
            for name in sorted(wanted):
                if (self.scratch / name).exists():
                    (self.scratch / name).replace(folder / name)
            beside = self.scratch / FILE_NAME
            beside.write_text(text, encoding="utf-8")
            beside.replace(folder / FILE_NAME)
        except OSError as error:
            raise _unwritten(folder, error) from error
        for old in folder.glob("*.parquet"):
            if old.name not in wanted:
                old.unlink(missing_ok=True)


@contextmanager
def changes(root: Path) -> Iterator[Changes]:
    """The manifest as it is, to be changed, and a scratch folder that is gone afterwards."""
    folder = root / FOLDER
    before = manifest.read(root)
    there = folder.exists()
    _alone(folder)
    scratch = folder / f"{_SCRATCH}{os.getpid()}-{uuid.uuid4().hex[:8]}"
    try:
        scratch.mkdir(parents=True)
    except OSError as error:
        raise _unwritten(folder, error) from error
    try:
        yield Changes(
            root=root,
            scratch=scratch,
            imports=[dict(one) for one in before.imports],
            parts={table: [p.name for p in paths] for table, paths in before.parts.items()},
        )
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
        if not there and not (folder / FILE_NAME).exists():
            shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def restored_unless_done(paths: Iterable[Path]) -> Iterator[None]:
    """Files of people are as they were when what is done with them does not end well."""
    before = {path: path.read_bytes() if path.exists() else None for path in paths}
    try:
        yield
    except BaseException:
        for path, content in before.items():
            if content is None:
                path.unlink(missing_ok=True)
            elif path.read_bytes() != content:
                path.write_bytes(content)
        raise


def _alone(folder: Path) -> None:
    """What a killed import left is removed; one that still runs is not disturbed."""
    for left in folder.glob(f"{_SCRATCH}*"):
        ours = re.fullmatch(rf"{re.escape(_SCRATCH)}(\d+)-[0-9a-f]+", left.name)
        if ours is None:
            continue
        if _is_running(int(ours[1])):
            raise UsageError(
                "another import is running",
                where=str(folder.parent),
                expected="one import into a workspace at a time",
                advice=f"wait until it is done; if there is none, remove {left.name}",
            )
        shutil.rmtree(left, ignore_errors=True)


def _is_running(process: int) -> bool:
    if process == os.getpid():
        return False
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _unwritten(folder: Path, error: OSError) -> OutputError:
    return OutputError(
        f"cannot be written: {error.strerror or error}",
        where=str(folder),
        advice="choose a workspace you may write to; what it held is untouched",
    )
