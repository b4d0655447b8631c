"""What is shipped is what git tracks, and the wheel runs elsewhere: sdist → wheel → clean venv."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import tarfile
import venv
import zipfile
from pathlib import Path

import pytest

from tests.conftest import ROOT

SHIPPED = ("queries", "reports", "sample_data")
REPORT_LIMIT = 1_500_000
WORKSPACE_LIMIT = 8_000_000


def _run(*command: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PYTHON")}
    done = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"{done.stdout[-3000:]}\n{done.stderr[-3000:]}"
    return done


@pytest.fixture(scope="module")
def dist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the source distribution and the wheel that was built from it.

    The build runs in this environment, which has the build backend, so that it needs no network.
    """
    folder = tmp_path_factory.mktemp("dist")
    _run(sys.executable, "-m", "build", "--no-isolation", "--outdir", folder, cwd=ROOT)
    return folder


@pytest.fixture(scope="module")
def wheel(dist: Path) -> Path:
    (path,) = dist.glob("*.whl")
    return path


def _tracked(*folders: str) -> set[str]:
    """What git tracks, and in a working copy also what it would with `git add`."""
    if not (ROOT / ".git").exists():
        pytest.skip("not a git checkout: nothing to compare with")
    flags = ("--cached", "--others", "--exclude-standard")
    names = _run("git", "ls-files", *flags, *folders, cwd=ROOT).stdout.splitlines()
    return {name for name in names if (ROOT / name).exists()}


def test_wheel_ships_what_git_tracks(wheel: Path) -> None:
    prefix = "channelscope/_shipped/"
    with zipfile.ZipFile(wheel) as archive:
        names = [name for name in archive.namelist() if name.startswith(prefix)]
    assert {name.removeprefix(prefix) for name in names} == _tracked(*SHIPPED)


def test_wheel_has_the_package_and_nothing_else(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = {name for name in archive.namelist() if "/_shipped/" not in name}
    tracked = {name.removeprefix("src/") for name in _tracked("src")}
    assert {name for name in names if ".dist-info/" not in name} == tracked
    assert any(name.endswith(".dist-info/licenses/LICENSE") for name in names)


def test_source_distribution_ships_what_git_tracks(dist: Path) -> None:
    (path,) = dist.glob("*.tar.gz")
    with tarfile.open(path) as archive:
        names = {member.name.split("/", 1)[1] for member in archive if member.isfile()}
    assert names - {"PKG-INFO"} == _tracked()


def test_no_path_of_this_machine_is_shipped(wheel: Path) -> None:
    here = str(ROOT).encode()
    with zipfile.ZipFile(wheel) as archive:
        assert [name for name in archive.namelist() if here in archive.read(name)] == []


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fresh environment with the wheel, and its `bin`.

    The dependencies come from this environment by a `.pth` file, which saves a minute and the
    network. A `.pth` adds only a folder to the path: an editable install of this checkout, which
    works by a `.pth` of its own, does not come along.
    """
    folder = tmp_path_factory.mktemp("clean") / "venv"
    venv.create(folder, with_pip=True)
    scripts = folder / ("Scripts" if os.name == "nt" else "bin")
    _run(scripts / "python", "-m", "pip", "install", "--no-deps", "--no-index", wheel, cwd=folder)
    code = "import sysconfig; print(sysconfig.get_paths()['purelib'])"
    site = Path(_run(scripts / "python", "-c", code, cwd=folder).stdout.strip())
    (site / "dependencies.pth").write_text(sysconfig.get_paths()["purelib"] + "\n", "utf-8")
    return scripts


def test_installed_package_is_the_wheel(installed: Path, tmp_path: Path) -> None:
    code = "from channelscope import assets; print(assets.__file__, assets.queries(), sep='\\n')"
    done = _run(installed / "python", "-c", code, cwd=tmp_path)
    for line in done.stdout.splitlines():
        assert Path(line).is_relative_to(installed.parent)


def test_demo_runs_from_another_folder(installed: Path, tmp_path: Path) -> None:
    done = _run(installed / "channelscope", "demo", cwd=tmp_path)
    (report,) = (tmp_path / "channelscope-demo").rglob("report.html")
    assert str(report) in done.stdout + done.stderr or report.name in done.stdout + done.stderr
    assert report.stat().st_size <= REPORT_LIMIT
    assert str(ROOT) not in report.read_text(encoding="utf-8")


def test_sample_is_small() -> None:
    files = [ROOT / name for name in _tracked("sample_data/workspace")]
    assert files
    assert sum(path.stat().st_size for path in files) <= WORKSPACE_LIMIT
