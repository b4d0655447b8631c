"""Writes results: an output appears whole or not at all; the same inputs give the same bytes."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import Any

import polars as pl

from channelscope import interrupts, redaction, scratch, shortages
from channelscope.decision_tables import DECISION_TABLES
from channelscope.errors import OutputError
from channelscope.results import TABLES, Results
from channelscope.review_tables import REVIEW_TABLES
from channelscope.scratch import Scratch

DIGITS = 12


class Format(StrEnum):
    """What `compare` can write."""

    HTML = "html"
    JSON = "json"
    PARQUET = "parquet"
    CSV = "csv"
    XLSX = "xlsx"


def write(
    results: Results,
    out: Path,
    *,
    formats: Iterable[Format],
    render: Callable[[Results], str],
) -> tuple[Path, ...]:
    """Write `results` into the folder `out`; returns what was written.

    Everything is made beside and then put in place, so that a failure leaves the last good
    output as it was.
    """
    asked = set(formats)
    told = redaction.written(results.tables, results.meta.redacted)
    tables = {name: rounded(frame) for name, frame in told.items()}
    try:
        with _beside(out) as staging:
            if Format.HTML in asked:
                text = render(results)
                (staging / "report.html").write_text(text, encoding="utf-8", newline="\n")
            if Format.JSON in asked:
                text = as_json(results, tables)
                (staging / "results.json").write_text(text, encoding="utf-8", newline="\n")
            if asked & {Format.PARQUET, Format.CSV}:
                _write_tables(tables, staging / "tables", asked)
            if Format.XLSX in asked:
                write_workbook(tables, staging / "results.xlsx", created=results.meta.generated_at)
            try:
                with interrupts.deferred():  # or old and new files would lie side by side
                    return _put_in_place(staging, out)
            except KeyboardInterrupt as stop:
                stop.add_note(interrupts.DONE)
                raise
    except (OSError, pl.exceptions.PolarsError) as error:
        if short := shortages.of(error, where=str(out)):
            raise short from error
        if not isinstance(error, OSError):
            raise
        raise OutputError(
            f"cannot be written: {error.strerror or error}",
            where=str(out),
            advice="choose a folder you may write to with --out; the last output is untouched",
        ) from error


@contextmanager
def _beside(out: Path) -> Iterator[Path]:
    """A folder to make outputs in, gone afterwards; so are those that killed runs left."""
    # Inside a folder that is there: it may be a disk of its own, onto which nothing can be renamed.
    parent = out if out.is_dir() else out.parent
    parent.mkdir(parents=True, exist_ok=True)
    name = f".{out.name}.channelscope-"
    scratch.remove_leftovers(name, out.parent)
    with closing(Scratch.named(name, parent)) as held:
        staging = held.path / "made"
        staging.mkdir()
        yield staging


def _put_in_place(staging: Path, out: Path) -> tuple[Path, ...]:
    out.mkdir(parents=True, exist_ok=True)
    placed = []
    for made in sorted(p for p in staging.rglob("*") if p.is_file()):
        target = out / made.relative_to(staging)
        target.parent.mkdir(exist_ok=True)
        made.replace(target)
        placed.append(target)
    for old in own_files(out):
        if old not in placed:
            old.unlink()
    return tuple(placed)


def own_files(out: Path) -> list[Path]:
    """Outputs of an earlier run: beside those of this one they would tell two stories."""
    names = ["report.html", "results.json", "results.xlsx"]
    tables = (*TABLES, *DECISION_TABLES, *REVIEW_TABLES)
    names += [f"tables/{table}.{form}" for table in tables for form in ("parquet", "csv")]
    return [out / name for name in names if (out / name).is_file()]


def rounded(frame: pl.DataFrame) -> pl.DataFrame:
    """Doubles to twelve significant digits, so that the order of summing leaves no trace."""
    return frame.with_columns(pl.col(pl.Float64).round_sig_figs(DIGITS))


def _write_tables(tables: Mapping[str, pl.DataFrame], folder: Path, asked: set[Format]) -> None:
    folder.mkdir()
    for name, frame in tables.items():
        if Format.PARQUET in asked:
            frame.write_parquet(folder / f"{name}.parquet", compression="zstd")
        if Format.CSV in asked:
            frame.write_csv(folder / f"{name}.csv")


def write_workbook(tables: Mapping[str, pl.DataFrame], path: Path, *, created: str) -> None:
    """One workbook, a sheet per table; text stays text, whatever sign it begins with."""
    import xlsxwriter  # noqa: PLC0415  only where asked for: it is slow to import

    options = {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}
    with xlsxwriter.Workbook(path, options) as book:
        book.set_properties({"created": datetime.fromisoformat(created).replace(tzinfo=None)})
        for name, frame in tables.items():
            frame.write_excel(book, worksheet=name, table_style="Table Style Light 1")


def as_json(results: Results, tables: Mapping[str, pl.DataFrame]) -> str:
    """`meta` and every table as JSON text, keys in a fixed order."""
    named = {
        "meta": dataclasses.asdict(results.meta),
        "switched_off": dict(results.switched_off),
        "warnings": [dataclasses.asdict(message) for message in results.warnings],
    }
    parts = [f"{_encoded(name)}: {_encoded(value)}" for name, value in named.items()]
    parts += [f"{_encoded(name)}: {_rows(frame)}" for name, frame in tables.items()]
    return "{\n" + ",\n".join(parts) + "\n}\n"


def rows_as_json(frame: pl.DataFrame) -> str:
    """The rows of one table as a JSON array."""
    return _rows(frame) + "\n"


def _rows(frame: pl.DataFrame) -> str:
    """A line a row: the difference of two outputs is in the rows that differ."""
    return "[\n" + ",\n".join(map(_encoded, frame.iter_rows(named=True))) + "\n]"


def _encoded(value: Any) -> str:
    return _JSON.encode(value)


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, date | datetime):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no place in JSON")


_JSON = json.JSONEncoder(default=_plain, ensure_ascii=False, allow_nan=False)
