"""What a user sees of the cache: what is kept, how to be rid of it, and what went wrong with it."""

from __future__ import annotations

import errno
import fcntl
import shutil
from contextlib import closing
from pathlib import Path

import polars as pl
import pytest
from click.testing import CliRunner

from channelscope.cache import Cache, key
from channelscope.cache_folder import FOLDER, entries, is_locked
from channelscope.cli import cli
from channelscope.errors import ExitCode
from tests.cli.conftest import Run

QUERY = "scan/store_days"


@pytest.fixture
def workspace(small_workspace: Path, tmp_path: Path) -> Path:
    """A copy that a test may break, without what runs of other tests kept."""
    kept = shutil.ignore_patterns(FOLDER.parts[0])
    return Path(shutil.copytree(small_workspace, tmp_path / "workspace", ignore=kept))


@pytest.mark.slow
def test_info_and_clear_tell_of_what_a_run_kept(run: Run, workspace: Path) -> None:
    assert run("query", QUERY, workspace, "--no-cache").returncode == ExitCode.OK
    assert not (workspace / ".channelscope").exists()
    none = run("cache", "info", workspace)
    assert (none.returncode, none.stdout) == (ExitCode.OK, "")

    assert run("query", QUERY, workspace).returncode == ExitCode.OK
    kept = entries(workspace / FOLDER)
    info = run("cache", "info", workspace)
    rows = [line.split("\t") for line in info.stdout.splitlines()]
    assert {name for name, *_ in rows} == {entry.name for entry in kept}
    assert sum(int(count) for _, count, *_ in rows) == len(kept)
    assert sum(int(size) for *_, size, _ in rows) == sum(entry.size for entry in kept)
    assert f"{len(kept)} entries" in info.stderr

    cleared = run("cache", "clear", workspace)
    assert (cleared.returncode, cleared.stdout) == (ExitCode.OK, "")
    assert f"removed {len(kept)} entries" in cleared.stderr
    assert entries(workspace / FOLDER) == ()
    assert "nothing" in run("cache", "clear", workspace).stderr


@pytest.mark.slow
def test_a_damaged_entry_is_told_once_and_made_anew(run: Run, workspace: Path) -> None:
    first = run("query", QUERY, workspace)
    assert "cache" not in first.stderr
    (entry,) = (e for e in entries(workspace / FOLDER) if e.name == "store_days")
    entry.path.write_bytes(entry.path.read_bytes()[:-9])
    damaged, healed = run("query", QUERY, workspace), run("query", QUERY, workspace)
    assert damaged.stderr.count(f"{entry.path.name} was damaged and is made anew") == 1
    assert "damaged" not in healed.stderr
    assert first.stdout == damaged.stdout == healed.stdout


@pytest.mark.slow
def test_a_cache_in_use_is_done_without_and_not_cleared(run: Run, workspace: Path) -> None:
    with closing(Cache.at(workspace)):
        assert is_locked(workspace / FOLDER)
        found = run("query", QUERY, workspace)
        assert found.returncode == ExitCode.OK
        assert found.stderr.count("nothing is cached: another run is using the cache") == 1
        assert "a run is using it now" in run("cache", "info", workspace).stderr
        refused = run("cache", "clear", workspace)
        assert refused.returncode == ExitCode.USAGE
        assert "another run is using the cache" in refused.stderr
        assert refused.stderr.count("\n") < 5
    assert run("cache", "clear", workspace).returncode == ExitCode.OK


@pytest.mark.slow
@pytest.mark.parametrize(
    "command",
    ["check WORKSPACE", "query checks/order_lines_unknown_sku WORKSPACE",
     "basket WORKSPACE --item LX-TW-001=1"],
)  # fmt: skip
def test_commands_that_only_read_keep_what_they_convert_too(
    run: Run, workspace: Path, command: str
) -> None:
    words = [workspace if word == "WORKSPACE" else word for word in command.split()]
    without = run(*words, "--no-cache")
    assert without.returncode == ExitCode.OK
    assert not (workspace / ".channelscope").exists()
    assert run(*words).stdout == without.stdout
    kept = {entry.name for entry in entries(workspace / FOLDER)}
    assert {"stores_converted", "products_converted", "promotions_converted"} <= kept
    with closing(Cache.at(workspace)):
        beside = run(*words)
    assert beside.stdout == without.stdout
    assert beside.stderr.count("nothing is cached: another run is using the cache") == 1


def test_a_workspace_that_is_not_there_is_told(run: Run, tmp_path: Path) -> None:
    for command in ("info", "clear"):
        found = run("cache", command, tmp_path / "nowhere")
        assert found.returncode == ExitCode.USAGE
        assert "does not exist" in found.stderr


def test_info_tells_what_lies_where_files_cannot_be_locked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with closing(Cache.at(tmp_path)) as cache:
        cache.frame("store_days", key("content"), lambda: pl.DataFrame({"n": [1]}))

    def refused(_file: int, _operation: int) -> None:
        raise OSError(errno.ENOTSUP, "Operation not supported")

    monkeypatch.setattr(fcntl, "flock", refused)
    found = CliRunner().invoke(cli, ["cache", "info", str(tmp_path)])
    assert found.exit_code == ExitCode.OK
    assert found.stdout.startswith("store_days\t1\t")
    assert "using it" not in found.stderr
