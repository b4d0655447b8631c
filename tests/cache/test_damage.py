"""Entries that are not as they were written: made anew, and said."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from channelscope.cache import Cache, key
from channelscope.cache_folder import FOLDER, entries
from tests.cache.frames import AWKWARD, never, small

KEY = key("query", "content")


def _truncated(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-7])


def _flipped(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 3] ^= 1
    path.write_bytes(content)


def _emptied(path: Path) -> None:
    path.write_bytes(b"")


def _made_a_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def _exchanged(path: Path) -> None:
    """Whole and readable, but of another key."""
    other = next(p for p in path.parent.glob("other-*.parquet"))
    shutil.copy(other, path)


def _exchanged_with_seal(path: Path) -> None:
    _exchanged(path)
    seal = next(p for p in path.parent.glob("other-*.sha256"))
    shutil.copy(seal, path.with_suffix(".sha256"))


def _with_broken_seal(path: Path) -> None:
    path.with_suffix(".sha256").write_bytes(b"\xff\xfe")


WAYS = [_truncated, _flipped, _emptied, _exchanged, _exchanged_with_seal, _with_broken_seal]


@pytest.mark.parametrize("damage", WAYS)
def test_damaged_entry_is_made_anew_and_told(
    damage: Callable[[Path], None], tmp_path: Path
) -> None:
    with closing(Cache.at(tmp_path)) as cache:
        cache.frame("cells", KEY, lambda: AWKWARD)
        cache.file("lines", KEY, AWKWARD.write_parquet)
        cache.frame("other", KEY, small)
    kept = {e.name: e.path for e in entries(tmp_path / FOLDER)}
    damage(kept["cells"])
    damage(kept["lines"])
    with closing(Cache.at(tmp_path)) as cache:
        cells = cache.frame("cells", KEY, lambda: AWKWARD)
        lines = pl.read_parquet(cache.file("lines", KEY, AWKWARD.write_parquet))
        told = cache.notes
    assert_frame_equal(cells, AWKWARD, check_exact=True)
    assert_frame_equal(lines, AWKWARD, check_exact=True)
    assert told == [
        f"the cache entry {kept[name].name} was damaged and is made anew"
        for name in ("cells", "lines")
    ]
    with closing(Cache.at(tmp_path)) as cache:
        assert_frame_equal(cache.frame("cells", KEY, never), AWKWARD, check_exact=True)
        assert cache.notes == []


def test_every_flipped_byte_is_noticed(tmp_path: Path) -> None:
    with closing(Cache.at(tmp_path)) as cache:
        cache.frame("cells", KEY, small)
    (entry,) = entries(tmp_path / FOLDER)
    whole = entry.path.read_bytes()
    said: list[str] = []
    with closing(Cache.at(tmp_path, tell=said.append)) as cache:
        for position in range(0, len(whole), 5):
            changed = bytearray(whole)
            changed[position] ^= 0x40
            entry.path.write_bytes(changed)
            assert_frame_equal(cache.frame("cells", KEY, small), small())
            assert entry.path.read_bytes() == whole
        times = len(range(0, len(whole), 5))
        assert len(cache.notes) == times
    assert len(said) == 4
    assert said[-1] == f"so were {times - 3} more cache entries"


def test_a_folder_in_place_of_an_entry_is_no_reason_to_stop(tmp_path: Path) -> None:
    with closing(Cache.at(tmp_path)) as cache:
        cache.frame("cells", KEY, small)
    (entry,) = entries(tmp_path / FOLDER)
    _made_a_folder(entry.path)
    with closing(Cache.at(tmp_path)) as cache:
        assert_frame_equal(cache.frame("cells", KEY, small), small())
        damaged, kept_no_more = cache.notes
    assert "damaged" in damaged
    assert kept_no_more.startswith("nothing more is cached: ")


def test_what_a_killed_run_left_goes(tmp_path: Path) -> None:
    with closing(Cache.at(tmp_path)) as cache:
        for name in ("whole", "unsealed", "unwritten"):
            cache.frame(name, KEY, small)
    folder = tmp_path / FOLDER
    next(folder.glob("unsealed-*.sha256")).unlink()
    next(folder.glob("unwritten-*.parquet")).unlink()
    (folder / f"cells-{KEY[:32]}.part").write_bytes(b"PAR1 half")
    with closing(Cache.at(tmp_path)) as cache:
        left = sorted(path.name for path in folder.iterdir())
        assert left == ["lock", f"whole-{KEY[:32]}.parquet", f"whole-{KEY[:32]}.sha256"]
        assert_frame_equal(cache.frame("unsealed", KEY, lambda: small(5)), small(5))
        assert cache.notes == []


@pytest.mark.parametrize("error", [ValueError("of the making"), KeyboardInterrupt()])
def test_what_fails_in_the_making_leaves_nothing(error: BaseException, tmp_path: Path) -> None:
    def write(path: Path) -> None:
        path.write_bytes(b"PAR1 half")
        raise error

    with closing(Cache.at(tmp_path)) as cache:
        with pytest.raises(type(error)):
            cache.file("lines", KEY, write)
        assert entries(tmp_path / FOLDER) == ()
        assert not list((tmp_path / FOLDER).glob("*.part"))
        assert cache.notes == []
        with pytest.raises(type(error)):
            cache.file("lines", KEY, write)


def test_an_entry_is_not_there_until_it_is_whole(tmp_path: Path) -> None:
    folder = tmp_path / FOLDER

    def write(path: Path) -> None:
        small().write_parquet(path)
        assert entries(folder) == ()
        assert not list(folder.glob("*.parquet"))

    with closing(Cache.at(tmp_path)) as cache:
        cache.file("lines", KEY, write)
        assert len(entries(folder)) == 1
