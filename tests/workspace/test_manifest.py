"""The manifest says what was imported; anything else in its folder counts for nothing."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from channelscope import manifest
from channelscope.errors import DataError
from channelscope.workspace import open_workspace
from tests.workspace.imported import import_parts, state
from tests.workspace.tables import write


def test_nothing_imported_is_an_empty_manifest(tmp_path: Path) -> None:
    assert manifest.read(tmp_path) == manifest.Manifest()
    (tmp_path / "imported").mkdir()
    assert manifest.read(tmp_path) == manifest.Manifest()


def test_parts_are_whole_paths_in_the_order_given(tmp_path: Path) -> None:
    frame = pl.DataFrame({"store_id": ["F1"]})
    found = manifest.read(import_parts(tmp_path, refunds=[frame], order_lines=[frame, frame]))
    folder = tmp_path.resolve() / "imported"
    assert found.parts == {
        "refunds": (folder / "refunds-F1-000000000001.parquet",),
        "order_lines": (
            folder / "order_lines-F1-000000000001.parquet",
            folder / "order_lines-F1-000000000002.parquet",
        ),
    }
    assert found.imports == ({"store": "F1"},)


def test_table_without_parts_is_not_there(tmp_path: Path) -> None:
    state(tmp_path, {"version": 1, "imports": [], "parts": {"traffic": []}})
    assert manifest.read(tmp_path).parts == {}


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("{", "is not JSON"),
        ("[]", "has version None; this program reads 1"),
        ({"version": 2, "imports": [], "parts": {}}, "has version 2"),
        ({"version": 1, "parts": {}}, "lacks the list of imports"),
        ({"version": 1, "imports": [1], "parts": {}}, "lacks the list of imports"),
        ({"version": 1, "imports": [], "parts": []}, "lacks the list of imports"),
        ({"version": 1, "imports": [], "parts": {"traffic": "a"}}, "lacks the list of imports"),
        ({"version": 1, "imports": [], "parts": {"traffic": ["../x.parquet"]}}, "outside"),
        ({"version": 1, "imports": [], "parts": {"traffic": ["/etc/hosts"]}}, "outside"),
    ],
)
def test_damaged_manifest_is_one_clear_error(tmp_path: Path, text: object, what: str) -> None:
    (tmp_path / "x.parquet").write_bytes(b"")
    with pytest.raises(DataError, match=what) as caught:
        open_workspace(state(write(tmp_path), text))
    assert caught.value.where == "imported/manifest.json"
    assert caught.value.advice


def test_missing_part_is_named(tmp_path: Path) -> None:
    state(write(tmp_path), {"version": 1, "imports": [], "parts": {"traffic": ["t.parquet"]}})
    with pytest.raises(DataError, match="is missing") as caught:
        open_workspace(tmp_path)
    assert caught.value.where == "imported/t.parquet"
