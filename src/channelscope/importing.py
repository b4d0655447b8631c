"""The way of `import`: open → recognise → read → apportion → replace → match → put in place."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import polars as pl

from channelscope import imported, workspace
from channelscope.domain import Basis, Period
from channelscope.engine.duckdb import Session
from channelscope.errors import UsageError
from channelscope.importers import (
    agreement,
    brand,
    facts,
    layout,
    matching,
    opening,
    orders,
    parts,
    product_map,
    replacing,
    salt,
    small_tables,
    staging,
)
from channelscope.importers import preview as previews
from channelscope.importers.brand import Brand
from channelscope.importers.layout import ExportKind
from channelscope.importers.orders import Exported
from channelscope.importers.parts import Changes
from channelscope.importers.preview import Preview
from channelscope.importers.replacing import NOTHING_REPLACED, Replaced
from channelscope.importers.staging import Recognised, Staged
from channelscope.limits import NO_LIMITS, Limits
from channelscope.scratch import Scratch

MEMORY = "1GB"
"""What the database may hold during an import, however large the file, unless more is asked for."""

PRODUCTS = "products.csv"
_STEPS = 2
"""Cells are read; then amounts are apportioned and products matched, which takes as long."""

Progress = Callable[[str, int, int], None]
"""Called with what is being done, how much of it is done, and how much there is."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Which files are imported, and of which store. `span`: the days of files without dates.

    `workspace`: None where the files are only looked at.
    """

    source: str
    files: tuple[Path, ...]
    workspace: Path | None = None
    store: str | None = None
    shop: str | None = None
    span: Period | None = None
    limits: Limits = NO_LIMITS


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did. `known`: the files had been imported before, so nothing was done;
    `passed_over`: files of other platforms than the store's."""

    sheets: tuple[Staged, ...] = ()
    summary: pl.DataFrame | None = None
    without_lines: pl.DataFrame | None = None
    replaced: Replaced = NOTHING_REPLACED
    rows: Mapping[str, int] = field(default_factory=dict)
    changed: Mapping[str, int] = field(default_factory=dict)
    told: Mapping[str, Any] = field(default_factory=dict)
    not_understood: tuple[str, ...] = ()
    undecided: int = 0
    proposed: int = 0
    seeded: int = 0
    salt_made: Path | None = None
    basis_missing: Basis | None = None
    passed_over: tuple[str, ...] = ()
    known: bool = False


def silent(label: str, done: int, total: int) -> None:
    """Nobody watches."""


def run(asked: Asked, *, progress: Progress = silent) -> Imported:
    """Import files into a workspace; nothing of it changes unless all goes well."""
    if asked.workspace is None:
        raise UsageError("into which workspace?", where="--into")
    found = brand.read(asked.workspace, limits=asked.limits)
    if asked.store is None:
        raise UsageError("whose exports are these?", where="--store", expected="a store_id")
    store = found.store(asked.store)
    # Copies of the files hold names and addresses: a killed import must not leave them in the
    # workspace, which may be shared.
    temp_dir = asked.limits.over(found.limits).temp_dir
    with parts.changes(found.root) as changes, closing(Scratch.make(temp_dir)) as scratch:
        copies = scratch.path
        with_paths = opening.open_sheets(
            asked.files, layouts=layout.of_source(asked.source), scratch=copies, progress=progress
        )
        catalogue = layout.catalogue()
        every = [(sheet, stem, catalogue[stem]) for sheet, stem in with_paths]
        sheets = agreement.of_platform(every, store=store, choose=asked.source == "auto")
        if _is_known(changes, sheets, asked):
            return Imported(known=True)
        secret, made = _secret(found, store, sheets)
        session = _session(found, asked, changes.scratch, copies)
        try:
            progress("into the workspace", 0, _STEPS)
            staged = staging.stage(
                session, sheets, secret=secret, shop=asked.shop, scratch=changes.scratch
            )
            progress("into the workspace", 1, _STEPS)
            agreement.require_one_store(staged)
            agreement.require_currency(session, staged, shop=asked.shop, currency=store["currency"])
            done = _put(session, changes, staged, asked, found)
            progress("into the workspace", _STEPS, _STEPS)
        finally:
            session.close()
    left = [sheet.name for sheet, stem, one in every if (sheet, stem, one) not in sheets]
    return dataclasses.replace(done, salt_made=made, passed_over=tuple(left))


def preview(asked: Asked, *, progress: Progress = silent) -> list[Preview]:
    """How the files would be read; nothing is written."""
    limits = asked.limits
    if asked.workspace is not None:
        limits = limits.over(workspace.limits_in(asked.workspace))
    with closing(Scratch.make(limits.temp_dir)) as held:
        scratch = held.path
        opened = opening.open_sheets(
            asked.files, layouts=layout.of_source(asked.source), scratch=scratch, progress=progress
        )
        folders = {path.resolve().parent for path in asked.files}
        limits = limits.over(Limits(MEMORY))
        session = Session.over_files((scratch, *sorted(folders)), limits=limits)
        try:
            catalogue = layout.catalogue()
            return [previews.of(session, sheet, stem, catalogue[stem]) for sheet, stem in opened]
        finally:
            session.close()


def rematch(root: Path, *, limits: Limits = NO_LIMITS) -> Imported:
    """Apply product_map.csv as it is now to everything imported, and propose anew."""
    found = brand.read(root, limits=limits)
    asked = Asked("match", (), root, limits=limits)
    with parts.changes(found.root) as changes:
        if not changes.imports:
            raise UsageError(
                "nothing was imported yet",
                where=str(root),
                advice=f"import first: channelscope import auto FILES --into {root} --store F1",
            )
        session = _session(found, asked, changes.scratch)
        try:
            return _matched(session, changes, found, Imported())
        finally:
            session.close()


def _is_known(changes: Changes, sheets: Sequence[Recognised], asked: Asked) -> bool:
    """Whether every file was imported for this store, shop and days before."""
    days = facts.days_asked(asked.span)
    known = {
        (one["store"], one["shop"], one.get("days_asked"), file["sha256"])
        for one in changes.imports
        for file in one["files"]
    }
    used = [sheet for sheet, _, one in sheets if one.kind is not ExportKind.NOT_USED]
    return bool(used) and all(
        (asked.store, asked.shop, days, sheet.sha256) in known for sheet in used
    )


def _secret(
    found: Brand, store: Mapping[str, object], sheets: Sequence[Recognised]
) -> tuple[str, Path | None]:
    """What buyers of this store are hashed with; no salt is made where there are no buyers."""
    has_buyers = any(c.type == "buyer" for _, _, lay in sheets for c in lay.header.values())
    if not has_buyers:
        return "", None
    secret, made = salt.read(found.config.privacy.salt_file, workspace=found.root)
    return f"{secret}\n{store['buyer_id_scope']}\n", made


def _session(found: Brand, asked: Asked, *scratch: Path) -> Session:
    folders = {path.resolve().parent for path in asked.files}
    return Session.over_files(
        (found.root, *(path.resolve() for path in scratch), *sorted(folders)),
        limits=asked.limits.over(found.limits).over(Limits(MEMORY)),
    )


def _put(
    session: Session, changes: Changes, staged: list[Staged], asked: Asked, found: Brand
) -> Imported:
    assert asked.store is not None
    made_of = parts.digest(
        asked.store, asked.shop, *(f"{s.stem} {s.sheet.sha256} {s.sheet.name}" for s in staged)
    )
    exported = orders.exported(session, staged, shop=asked.shop, scratch=changes.scratch)
    replaced, rows, changed = NOTHING_REPLACED, {}, {}
    if exported is not None:
        replaced = replacing.put_lines(
            session, changes, exported, store=asked.store, made_of=made_of
        )
        replacing.put_rows(changes, "items", asked.store, exported.items_of(asked.store))
        rows["order_lines"] = exported.sold
    small = small_tables.read(session, staged, store=asked.store, shop=asked.shop, span=asked.span)
    for table, frame in small.items():
        rows[table] = frame.height
        changed[table] = replacing.put_rows(changes, table, asked.store, frame)
    entry = facts.of_import(asked.store, asked.shop, made_of, staged, exported)
    if asked.span:
        entry["days_asked"] = facts.days_asked(asked.span)
    changes.imports.append(entry)
    done = Imported(
        sheets=tuple(staged),
        summary=exported.summary if exported else None,
        without_lines=exported.without_lines if exported else None,
        replaced=replaced,
        rows=rows,
        not_understood=_texts(small.get("promotions_not_understood")),
        changed={table: n for table, n in changed.items() if n},
        basis_missing=_basis_missing(staged, exported, found),
    )
    return _matched(session, changes, found, done)


def _texts(frame: pl.DataFrame | None) -> tuple[str, ...]:
    """Three of the promotion texts that nobody could read."""
    return () if frame is None else tuple(frame["text"].unique(maintain_order=True).head(3))


def _basis_missing(
    staged: Sequence[Staged], exported: Exported | None, found: Brand
) -> Basis | None:
    """The workspace's basis, when the columns of these exports do not allow it."""
    basis = found.config.workspace.basis
    return basis if exported and basis not in facts.bases(staged) else None


def _matched(session: Session, changes: Changes, found: Brand, done: Imported) -> Imported:
    seeded = matching.seeds(changes) if found.products.is_empty() else None
    if seeded is not None:
        found = matching.with_products(found, seeded)
    wanted_map = matching.match(session, changes, found)
    facts.compare_control(session, changes)
    facts.count_not_understood(changes)
    with parts.restored_unless_done(found.root / n for n in (PRODUCTS, imported.PRODUCT_MAP)):
        if seeded is not None and seeded.height:
            matching.write_products(found.root, seeded)
        product_map.write(wanted_map, found.root)
        changes.told["product_map"] = imported.decisions(found.root)
        changes.commit()
    return dataclasses.replace(
        done,
        undecided=matching.undecided_in(wanted_map),
        proposed=matching.proposed_in(wanted_map),
        seeded=0 if seeded is None else seeded.height,
        told=dict(changes.told),
    )


def listed() -> Iterator[tuple[str, str, str, str]]:
    """Source, kind, title and name of every layout."""
    every = sorted(layout.catalogue().items(), key=lambda item: (item[1].source, item[0]))
    for stem, one in every:
        if one.kind is not ExportKind.NOT_USED:
            yield one.source, str(one.kind), one.title, stem
