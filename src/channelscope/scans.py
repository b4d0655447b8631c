"""Scan queries over one workspace: unit by unit where their rows add up, and kept between runs.

A result is kept under the text of its query, what it read and its parameters, of which days are
clipped to those of the unit. So what a unit gave stays valid when the compared days move on and
when further parts come. With or without a cache the same is run: only the keeping differs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from channelscope import __version__, sqlfile
from channelscope.adding import added
from channelscope.cache import Cache, key
from channelscope.engine.protocol import EARLIER
from channelscope.loading import Loaded
from channelscope.parts import Part
from channelscope.progress import Progress, silence
from channelscope.sqlfile import SqlFile
from channelscope.units import Unit, units
from channelscope.workspace import FileSource, Workspace, written_part

LINES, SHELF = "order_lines", "price_snapshots"
MADE_BY = (__version__, duckdb.__version__, pl.__version__)
"""What may make other bytes of the same rows."""
_DAYS = {"traffic": "date"}
"""In which column a table tells its days, where not in `day`."""


class Scans:
    """The engine of `cubes` over a loaded workspace: unit by unit, with a cache.

    `small`: the tables of the contract but the raw ones; a unit reads the rows of its days.
    """

    name = "duckdb"
    holds = frozenset({LINES})

    def __init__(
        self,
        loaded: Loaded,
        small: Mapping[str, pl.DataFrame],
        cache: Cache,
        *,
        progress: Progress = silence,
    ) -> None:
        self._session = loaded.session
        self.limits = loaded.session.limits
        self.cache, self.small = cache, small
        self._frames: dict[str, pl.DataFrame] = dict(small)
        self._derived: dict[str, tuple[SqlFile, Mapping[str, Any]]] = {}
        self._of_units: dict[str, dict[Unit, tuple[pl.DataFrame, str]]] = {}
        self._kept: dict[str, dict[Unit, tuple[str, Path]]] = {}
        self._digests = {name: key(frame) for name, frame in small.items()}
        self._money = _money(loaded, small)
        self._of_parts: dict[str, pl.DataFrame] = {}
        self._files_read = {name: loaded.hashes.get(name, "") for name in (LINES, SHELF)}
        self._progress = progress
        self.units = self._units(loaded.parts, loaded.rows.get(LINES, 0))
        self._rows = sum(unit.rows for unit in self.units)
        self.begin("check", scans=0)

    def begin(self, stage: str, *, scans: int) -> None:
        """A stage of so many scans over all order lines begins; progress is told of each."""
        self._stage, self._done, self._total = stage, 0, scans * self._rows
        self._progress(stage, done=0, of=self._total)

    def register(self, name: str, frame: pl.DataFrame) -> None:
        """Make `frame` readable as table `name`."""
        self._frames[name], self._digests[name] = frame, key(frame)
        self._of_units.pop(name, None)
        self._session.register(name, frame)

    def derive(self, query: SqlFile, params: Mapping[str, Any] | None = None) -> pl.DataFrame:
        """Make the rows of a query over small tables readable by its stem; a unit reads those that
        its own days give."""
        bound = {name: (params or {})[name] for name in query.params}
        self._show(query, None)
        rows = self._session.run(query, bound)
        self.register(query.stem, rows)
        if bound:
            self._derived[query.stem] = (query, bound)
        return rows

    def run(self, query: SqlFile, params: Mapping[str, Any] | None = None) -> pl.DataFrame:
        """The rows of `query`; those of the units added up where its header says that they do."""
        bound = {name: (params or {})[name] for name in query.params}
        if query.extra.get("parts") != "add":
            rows = self._made(query, None, bound)
            if set(query.inputs) & {LINES, *self._kept}:
                self._tell(self._rows)
            return rows
        found = self.by_unit(query, bound)
        return found[0] if len(found) == 1 else added(found, query.grain)

    def by_unit(self, query: SqlFile, params: Mapping[str, Any]) -> list[pl.DataFrame]:
        """The rows of `query` in each unit, in the order of their days."""
        found = []
        for unit in self.units:
            found.append(self._made(query, unit, _clipped(params, unit)))
            self._tell(unit.rows)
        self._restore(query)
        return found

    def failing(self, query: SqlFile, params: Mapping[str, Any]) -> list[pl.DataFrame]:
        """What a data check found: of order lines unit by unit, else as one."""
        told = summary(query)
        if query.extra["table"] == LINES:
            return self.by_unit(told, params)
        return [self.run(told, params)]

    def keep(self, query: SqlFile, params: Mapping[str, Any] | None = None) -> None:
        """Make the rows of `query` readable by its stem: one file a unit, none in memory."""
        bound = {name: (params or {})[name] for name in query.params}
        kept: dict[Unit, tuple[str, Path]] = {}
        for unit in self.units:
            mine = _clipped(bound, unit)
            known = self._key(query, unit, mine)

            def write(path: Path, unit: Unit = unit, mine: dict[str, Any] = mine) -> None:
                self._show(query, unit)
                self._session.write(query, path, mine, is_kept=False)

            kept[unit] = (known, self.cache.file(query.stem, known, write))
            self._tell(unit.rows)
        self._restore(query)
        self._kept[query.stem] = kept

    def close(self) -> None:
        """Nothing: the session and the cache are their owner's."""

    def _made(self, query: SqlFile, unit: Unit | None, params: Mapping[str, Any]) -> pl.DataFrame:
        def make() -> pl.DataFrame:
            self._show(query, unit)
            return self._session.run(query, params)

        known = self._key(query, unit, params)
        if known in self._of_parts:
            return self._of_parts[known]
        return self.cache.frame(query.stem, known, make)

    def _key(self, query: SqlFile, unit: Unit | None, params: Mapping[str, Any]) -> str:
        values = (f"{name}={value!r}" for name, value in sorted(params.items()))
        read = (f"{name}={self._digest(name, unit)}" for name in query.inputs)
        starts = (part.start for part in self._parts(unit) if query.folder == "checks")
        return key(*MADE_BY, query.name, query.sql, *values, *read, *map(str, starts))

    def _digest(self, name: str, unit: Unit | None) -> str:
        if name == SHELF:
            return key(self._files_read[SHELF], *self._money)
        if name == LINES:
            parts = [part.fingerprint for part in self._parts(unit)]
            return key(*(parts or [self._files_read[LINES]]), *self._money)
        if (kept := name.removeprefix(EARLIER)) in self._kept:
            return key(*(known for known, _ in self._files(name, unit)), kept)
        if unit is None or len(self.units) == 1:
            return self._digests[name]
        return self._part(name, unit)[1]

    def _parts(self, unit: Unit | None) -> list[Part]:
        return [part for each in (self.units if unit is None else [unit]) for part in each.parts]

    def _files(self, name: str, unit: Unit | None) -> list[tuple[str, Path]]:
        kept = self._kept[name.removeprefix(EARLIER)]
        if name in self._kept:
            return [entry for each, entry in kept.items() if unit in (None, each)]
        return list(kept.values())[: self.units.index(unit) if unit else 0]

    def _part(self, name: str, unit: Unit) -> tuple[pl.DataFrame, str]:
        """What a unit reads of a small table, and its digest; made once."""
        known = self._of_units.setdefault(name, {})
        if unit not in known:
            frame = self._part_of(name, unit)
            known[unit] = frame, key(frame)
        return known[unit]

    def _part_of(self, name: str, unit: Unit) -> pl.DataFrame:
        """What a unit reads of a small table: the rows of its days and products, where told."""
        if name in self._derived:
            query, params = self._derived[name]
            self._show(query, unit)
            rows = self._session.run(query, _clipped(params, unit))
            self._restore(query)
            return rows
        frame = self._frames[name]
        day = _DAYS.get(name, "day")
        if day in frame.columns:
            frame = frame.filter(pl.col(day).is_between(unit.since, unit.until))
        if "sku" in frame.columns:
            sold = [sku for part in unit.parts for sku in self._skus[part]]
            frame = frame.filter(pl.col("sku").is_in(sold))
        return frame

    def _show(self, query: SqlFile, unit: Unit | None) -> None:
        """Put what `query` reads under its usual names: of the unit, or of all."""
        for name in query.inputs:
            if (kept := name.removeprefix(EARLIER)) in self._kept:
                paths = [path for _, path in self._files(name, unit)]
                self._session.show_files(name, paths, like=self._files(kept, None)[0][1])
            elif len(self.units) > 1 and name == LINES:
                self._session.show_views(name, [part.view for part in self._parts(unit)])
            elif len(self.units) > 1 and name != SHELF:
                frame = self._frames[name] if unit is None else self._part(name, unit)[0]
                self._session.register(name, frame)

    def _restore(self, query: SqlFile) -> None:
        """Put all rows of the small tables that a unit has read a part of under their names."""
        if len(self.units) > 1:
            for name in query.inputs:
                if name in self._frames:
                    self._session.register(name, self._frames[name])

    def _units(self, parts: tuple[Part, ...], rows: int) -> tuple[Unit, ...]:
        if len(parts) < 2:
            return (Unit(parts, None, None, rows),)
        found = {part: self._of_part(sqlfile.find("scan/line_counts"), part) for part in parts}
        skus = {part: self._of_part(sqlfile.find("scan/sold_skus"), part) for part in parts}
        self._skus = {part: rows["sku"].to_list() for part, rows in skus.items()}
        made = units(parts, found, first_shared=self._first_shared)
        self._session.show_views(LINES, [part.view for part in parts])
        return made

    def _first_shared(self, earlier: Sequence[Unit], later: Unit) -> date | None:
        query, params = sqlfile.find("load/first_shared_day"), {"since": later.first}
        read = [part for unit in (*earlier, later) for part in unit.parts]

        def make() -> pl.DataFrame:
            self._session.show_views(LINES, [part.view for part in read])
            return self._session.run(query, params)

        fingerprints = (part.fingerprint for part in read)
        made = key(*MADE_BY, query.sql, str(later.first), *fingerprints)
        found: date | None = self.cache.frame(query.stem, made, make).item()
        return found

    def _of_part(self, query: SqlFile, part: Part) -> pl.DataFrame:
        """The rows of a query over one part alone; those of a unit, where it is the only one."""
        known = self._key(query, Unit((part,), None, None, 0), {})

        def make() -> pl.DataFrame:
            self._session.show_views(LINES, [part.view])
            return self._session.run(query)

        if known not in self._of_parts:
            self._of_parts[known] = self.cache.frame(query.stem, known, make)
        return self._of_parts[known]

    def _tell(self, rows: int) -> None:
        self._done = min(self._done + rows, self._total)
        self._progress(self._stage, done=self._done, of=self._total)


def summary(query: SqlFile) -> SqlFile:
    """The summary with the rows of `query` under the name of its input, as one statement.

    Sixty-odd checks run on every start; a view for each would be planned three times.
    """
    told = sqlfile.find("load/failing_summary")
    rows = f"with {told.inputs[0]} as materialized (\n{query.sql}),\n"
    return replace(
        told, name=query.name, inputs=query.inputs, params=query.params,
        sql=told.sql.replace("with ", rows, 1),
    )  # fmt: skip


def _money(loaded: Loaded, small: Mapping[str, pl.DataFrame]) -> tuple[str, ...]:
    """What amounts depend on beside the files: nothing where none is turned into a currency."""
    if not any(made_of.is_turned for made_of in loaded.made_of.values()):
        return ()
    turned = (sqlfile.find(f"load/{name}_converted").sql for name in (LINES, SHELF))
    currencies = small["stores"].select("store_id", "currency")
    currency = loaded.config.workspace.currency
    rates = sqlfile.find("load/fx_by_day").sql
    return (currency, key(currencies), key(small["fx"]), rates, *turned)


def _clipped(params: Mapping[str, Any], unit: Unit) -> dict[str, Any]:
    return {
        name: unit.clipped(name, value) if isinstance(value, date) else value
        for name, value in params.items()
    }


def reads_files(workspace: Workspace) -> bool:
    """Whether the bytes of files say all that raw tables hold: what a sql or a database view makes
    can change without them, and is not kept."""
    raw = (workspace.sources.get(name) for name in (LINES, SHELF))
    return all(isinstance(written_part(source), FileSource) for source in raw if source)
