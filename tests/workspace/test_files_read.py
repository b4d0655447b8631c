"""A file that changes while a run reads it is noticed; one that stays is not taken for changed."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from channelscope.errors import DataError
from channelscope.files_read import FilesRead


def _replaced(path: Path, content: str) -> None:
    """Another file of the same name, and as old as the first."""
    seen, beside = path.stat(), path.with_name("beside")
    beside.write_text(content)
    os.utime(beside, ns=(seen.st_atime_ns, seen.st_mtime_ns))
    beside.replace(path)


CHANGES: dict[str, Callable[[Path], object]] = {
    "written again": lambda path: os.utime(path, ns=(1, path.stat().st_mtime_ns + 1)),
    "longer": lambda path: path.write_text("longer"),
    "another of its age and size": lambda path: _replaced(path, "other"),
    "gone": Path.unlink,
}


@pytest.mark.parametrize("how", CHANGES)
def test_a_change_is_told(tmp_path: Path, how: str) -> None:
    files, path = FilesRead(), tmp_path / "lines.csv"
    path.write_text("first")
    files.digest(path)
    files.require_unchanged()
    CHANGES[how](path)
    with pytest.raises(DataError, match="changed while it was read") as told:
        files.require_unchanged()
    assert told.value.where == "lines.csv"


def test_the_same_content_under_another_number_is_no_change(tmp_path: Path) -> None:
    files, path = FilesRead(), tmp_path / "lines.csv"
    path.write_text("first")
    first = files.digest(path)
    _replaced(path, "first")
    files.require_unchanged()
    assert files.digest(path) == first


def test_what_is_noted_must_stay_before_it_is_read_too(tmp_path: Path) -> None:
    files, paths = FilesRead(), [tmp_path / "a.csv", tmp_path / "b.csv", tmp_path / "missing"]
    for path in paths[:2]:
        path.write_text("first")
    files.note(paths)
    for path in paths[:2]:
        path.write_text("longer")
    with pytest.raises(DataError) as told:
        files.digest(paths[0])
        files.require_unchanged()
    assert told.value.where == "a.csv and 1 more files"


def test_what_goes_wrong_with_changed_files_is_told_of_them(tmp_path: Path) -> None:
    files, path = FilesRead(), tmp_path / "lines.csv"
    path.write_text("first")
    files.note([path])
    with pytest.raises(ZeroDivisionError), files.unchanged():
        raise ZeroDivisionError
    with pytest.raises(DataError) as told, files.unchanged():
        path.write_text("longer")
        raise ZeroDivisionError
    assert isinstance(told.value.__cause__, ZeroDivisionError)


def test_a_file_that_may_not_be_read_has_no_digest(tmp_path: Path) -> None:
    """Its reader tells why; that it stays what it is is still asked."""
    assert FilesRead().digest(tmp_path) == FilesRead().digest(tmp_path / "missing") == b""
