"""Files as a user has them → sheets, each with the layout its header fits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from zipfile import BadZipFile, ZipFile

from channelscope import shortages
from channelscope.errors import ChannelscopeError, DataError, UsageError
from channelscope.importers import archives, text_tables, workbooks
from channelscope.importers.decoding import Progress
from channelscope.importers.layout import Layout
from channelscope.importers.recognition import Match, Names
from channelscope.importers.sheets import Sheet

_HTML = (b"<html", b"<table", b"<!doctype html", b"<meta", b"<?xml", b"<style", b"<div")


def open_sheets(
    paths: Sequence[Path], *, layouts: Mapping[str, Layout], scratch: Path, progress: Progress
) -> list[tuple[Sheet, str]]:
    """Every export in `paths`, with the stem of its layout. Rows are not read yet.

    Copies that are needed are made in `scratch`, which has to last as long as the sheets are used.

    Raises: UsageError for a file that is missing or not one of `layouts`, DataError for one that
    cannot be read; the failures of several files as one.
    """
    opening = _Opening(Names.of(layouts), scratch, progress)
    found: dict[tuple[str, str], tuple[Sheet, str]] = {}
    failures: list[ChannelscopeError] = []
    for path in paths:
        try:
            for sheet, match in opening.of_file(path):
                # One export may come twice, by itself and in a ZIP: it is read once.
                found.setdefault((sheet.sha256, match.stem), (sheet, match.stem))
        except (DataError, UsageError) as failure:
            failures.append(failure)
    if any(isinstance(failure, DataError) for failure in failures):
        raise DataError.gathered(f"{len(failures)} files cannot be read", failures)
    if failures:
        raise UsageError.gathered(f"{len(failures)} files cannot be imported", failures)
    return list(found.values())


@dataclass(frozen=True, slots=True)
class _Opening:
    """What is asked of every file."""

    names: Names
    scratch: Path
    progress: Progress

    def of_file(self, path: Path) -> Iterator[tuple[Sheet, Match]]:
        """The sheets of a file that the user names. Of a ZIP, all members that are known."""
        try:
            if _is_archive(path):
                yield from self._of_archive(path)
            else:
                yield self._of_member(path, path, path.name)
        except OSError as error:
            if short := shortages.of(error):  # of the disk that copies lie on
                raise short from error
            missing = isinstance(error, FileNotFoundError | IsADirectoryError)
            raise (UsageError if missing else DataError)(
                f"cannot be read: {error.strerror or error}",
                where=path.name,
                expected="the file of an export, or a ZIP of them",
                advice="look whether it is there, and name files one by one",
            ) from error

    def _of_archive(self, path: Path) -> Iterator[tuple[Sheet, Match]]:
        known: list[tuple[Sheet, Match]] = []
        strangers: list[UsageError] = []
        passed_over: list[str] = []
        for member in archives.members(path, scratch=self.scratch, progress=self.progress):
            try:
                known.append(self._of_member(member.path, path, f"{path.name}: {member.name}"))
            except UsageError as failure:
                strangers.append(failure)
                passed_over.append(member.name)
        if not known:
            what = f"{path.name} has {len(strangers)} files that are no known exports"
            raise UsageError.gathered(what, strangers)
        (first, match), *others = known
        yield replace(first, passed_over=(*first.passed_over, *passed_over)), match
        yield from others

    def _of_member(self, file: Path, path: Path, where: str) -> tuple[Sheet, Match]:
        with file.open("rb") as opened:
            start = opened.read(512)
        _refuse_html(start, where)
        if start.startswith((workbooks.ZIPPED, workbooks.COMPOUND)):
            return workbooks.sheet_of(file, path=path, where=where, names=self.names)
        if file.suffix.lower() in workbooks.SUFFIXES and b"\0" in start:
            raise workbooks.damaged(where)
        return text_tables.sheet_of(
            file,
            path=path,
            where=where,
            names=self.names,
            scratch=self.scratch,
            progress=self.progress,
        )


def _is_archive(path: Path) -> bool:
    """A ZIP that is no workbook; workbooks are ZIPs too."""
    with path.open("rb") as file:
        start = file.read(4)
    if path.suffix.lower() == ".zip":
        return True
    if not start.startswith(b"PK"):
        return False
    try:
        with ZipFile(path) as archive:
            return "[Content_Types].xml" not in archive.namelist()
    except BadZipFile:
        return path.suffix.lower() not in workbooks.SUFFIXES


def _refuse_html(start: bytes, where: str) -> None:
    text = start.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if text.startswith(_HTML):
        raise DataError(
            "is a web page (HTML), not a table, whatever its name ends in",
            where=where,
            expected="CSV, XLSX or a genuine XLS",
            advice="open it in Excel and save it as .xlsx, or export it again as CSV",
        )
