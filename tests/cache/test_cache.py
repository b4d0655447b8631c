"""What is kept comes back as it was, and only for what it was made of."""

from __future__ import annotations

import os
import time
from contextlib import closing
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from channelscope import cache_folder
from channelscope.cache import Cache, key
from channelscope.cache_folder import FOLDER, entries, is_locked
from tests.cache.frames import AWKWARD, never, small

KEY = key("query", "content")
MANY = pl.concat([AWKWARD] * 3, rechunk=False)


@pytest.mark.parametrize(
    "frame", [AWKWARD, AWKWARD.clear(), AWKWARD.reverse(), AWKWARD[2:4], MANY, pl.DataFrame()]
)
def test_frame_comes_back_as_it_was(frame: pl.DataFrame, tmp_path: Path) -> None:
    with closing(Cache.at(tmp_path)) as cache:
        made = cache.frame("cells", KEY, lambda: frame)
    with closing(Cache.at(tmp_path)) as cache:
        kept = cache.frame("cells", KEY, never)
    with closing(Cache.off()) as cache:
        without = cache.frame("cells", KEY, lambda: frame)
    for same in (made, kept, without):
        assert same.schema == frame.schema
        assert_frame_equal(same, frame, check_exact=True)
        assert all(column.n_chunks() <= 1 for column in same)
    assert _signs(kept) == _signs(frame)
    assert key(kept) == key(made) == key(frame)


def _signs(frame: pl.DataFrame) -> list[str]:
    """-0.0 equals 0.0, but is written otherwise."""
    return [repr(value) for value in frame["share"]] if "share" in frame.columns else []


def test_another_key_or_name_is_another_entry(tmp_path: Path) -> None:
    with closing(Cache.at(tmp_path)) as cache:
        for value, (name, of) in enumerate([("a", KEY), ("b", KEY), ("a", key("other"))]):
            assert_frame_equal(cache.frame(name, of, lambda v=value: small(v)), small(value))
        assert_frame_equal(cache.frame("b", KEY, never), small(1))
        assert cache.notes == []
    assert sorted(entry.name for entry in entries(tmp_path / FOLDER)) == ["a", "a", "b"]


def test_key_tells_apart_what_joined_text_would_not() -> None:
    frame = small()
    keys = [
        key("ab", "c"), key("a", "bc"), key("abc"), key("abc", ""), key(b"abc"), key(),
        key(frame), key(frame, frame), key(pl.concat([frame, frame])),
        key(frame.cast(pl.Int32)), key(frame.rename({"units": "orders"})), key(small(2)),
    ]  # fmt: skip
    assert len(set(keys)) == len(keys)
    assert all(len(each) == 64 for each in keys)


def test_key_of_a_frame_is_that_of_its_rows() -> None:
    """However they came to be: filtered, sorted, in chunks, or with something under a null."""
    rows = pl.DataFrame({"n": [1, 2, 3], "word": ["a", "b" * 40, None]})
    hidden = pl.DataFrame({"n": [9, 1, 2, 3], "word": ["x" * 90, "a", "b" * 40, "c" * 90]})
    hidden = hidden.filter(pl.col("n") < 9).with_columns(
        pl.when(pl.col("n") < 3).then(pl.col("word")).alias("word")
    )
    chunks = pl.concat([rows[:1], rows[1:]], rechunk=False)
    assert {key(same) for same in (hidden, chunks, rows.sort("n"))} == {key(rows)}


def test_file_is_written_once_and_lies_in_an_open_folder(tmp_path: Path) -> None:
    writes: list[Path] = []

    def write(path: Path) -> None:
        writes.append(path)
        AWKWARD.write_parquet(path)

    for _ in range(2):
        with closing(Cache.at(tmp_path)) as cache:
            path = cache.file("lines", KEY, write)
            assert path.parent in cache.folders
            assert_frame_equal(pl.read_parquet(path), AWKWARD, check_exact=True)
    assert len(writes) == 1
    assert path.is_file()


def test_file_without_a_cache_lies_elsewhere_until_the_end(tmp_path: Path) -> None:
    with closing(Cache.off()) as cache:
        paths = {cache.file("lines", KEY, AWKWARD.write_parquet) for _ in range(2)}
        (path,) = paths
        assert path.parent in cache.folders
        assert_frame_equal(pl.read_parquet(path), AWKWARD, check_exact=True)
    assert not path.parent.exists()
    assert list(tmp_path.iterdir()) == []


def test_what_was_not_used_for_long_goes(tmp_path: Path) -> None:
    with closing(Cache.at(tmp_path)) as cache:
        for name in ("old", "read", "young"):
            cache.frame(name, KEY, small)
    days = {"old": 31, "read": 31, "young": 29}
    _age(tmp_path, days)
    with closing(Cache.at(tmp_path)) as cache:
        cache.frame("read", KEY, never)
    assert {entry.name for entry in entries(tmp_path / FOLDER)} == {"read", "young"}


def test_of_too_much_what_was_used_longest_ago_goes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with closing(Cache.at(tmp_path)) as cache:
        for name in ("first", "second", "third", "needed"):
            cache.frame(name, KEY, small)
    _age(tmp_path, {"first": 3, "second": 2, "third": 1, "needed": 4})
    size = entries(tmp_path / FOLDER)[0].size
    monkeypatch.setattr(cache_folder, "KEPT_BYTES", 2 * size)
    with closing(Cache.at(tmp_path)) as cache:
        cache.frame("needed", KEY, never)
    assert {entry.name for entry in entries(tmp_path / FOLDER)} == {"needed", "third"}
    monkeypatch.setattr(cache_folder, "KEPT_BYTES", 1)
    with closing(Cache.at(tmp_path)) as cache:
        cache.frame("needed", KEY, never)
        cache.frame("more", KEY, small)
    assert {entry.name for entry in entries(tmp_path / FOLDER)} == {"needed", "more"}


def _age(workspace: Path, days: dict[str, int]) -> None:
    for entry in entries(workspace / FOLDER):
        at = time.time() - 86_400 * days[entry.name]
        os.utime(entry.path.with_suffix(".sha256"), (at, at))


def test_entries_tell_size_and_use(tmp_path: Path) -> None:
    folder = tmp_path / FOLDER
    assert entries(folder) == ()
    assert not is_locked(folder)
    with closing(Cache.at(tmp_path)) as cache:
        cache.frame("cells", KEY, small)
        assert is_locked(folder)
    (entry,) = entries(folder)
    assert entry.size == sum(p.stat().st_size for p in folder.glob("cells-*"))
    assert abs(entry.used.timestamp() - time.time()) < 60
    assert not is_locked(folder)
