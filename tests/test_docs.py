"""The documents cannot drift from what they describe: paths, modules, targets, commands, SQL."""

from __future__ import annotations

import re
import textwrap
from pathlib import Path

import pytest

from channelscope import sqlfile
from channelscope.cli import COMMANDS
from channelscope.errors import ExitCode
from tests import sql_cases, sql_rules
from tests.conftest import ROOT

GUIDES = sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / "docs").glob("*.md"))
DOCUMENTS = ("README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md", *GUIDES)
PATH = re.compile(r"`([\w.-]+(?:/[\w.<>-]*)+|[\w-]+\.(?:md|txt|toml|py)|\.\w+linter)`")
LINK = re.compile(r"\]\((?!https?:)([^)#]+)\)")
TARGET = re.compile(r"\bmake ([a-z]+)")
# Paths of a user's workspace or of the reader's own making, not of this repository.
ELSEWHERE = (
    "./", "../", "shop/", ".channelscope/", "channelscope.toml", "tables/", "reviews/",
    "TRUTH.toml", "layouts/",
)  # fmt: skip


def _text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def _makefile_targets() -> set[str]:
    return set(re.findall(r"^([a-z]+):.*## ", _text("Makefile"), re.MULTILINE))


@pytest.mark.parametrize("name", DOCUMENTS)
def test_named_paths_exist(name: str) -> None:
    named = {path for path in PATH.findall(_text(name)) if "<" not in path}
    real = {path for path in named if not path.startswith(ELSEWHERE)}
    assert [path for path in sorted(real) if not (ROOT / path).exists()] == []
    folder = (ROOT / name).parent
    assert [path for path in LINK.findall(_text(name)) if not (folder / path).exists()] == []


def test_architecture_names_every_module() -> None:
    """Modules of the package by file; of a sub-package, its folder is enough."""
    text = _text("ARCHITECTURE.md")
    package = ROOT / "src" / "channelscope"
    modules = [p for p in package.glob("*.py") if p.name != "__init__.py"]
    folders = [p.parent for p in package.glob("*/__init__.py")]
    missing = [
        path.relative_to(ROOT).as_posix()
        for path in sorted([*modules, *folders])
        if path.relative_to(ROOT).as_posix() not in text
    ]
    assert missing == []


@pytest.mark.parametrize("name", DOCUMENTS)
def test_named_targets_exist(name: str) -> None:
    named = set(TARGET.findall(_text(name))) - {"it"}
    assert named <= _makefile_targets()


def test_readme_lists_the_commands() -> None:
    listed = re.findall(r"^\| `channelscope ([a-z]+)", _text("README.md"), re.MULTILINE)
    assert listed == list(COMMANDS)


def test_readme_lists_the_exit_codes() -> None:
    (codes,) = re.findall(r"^Exit codes: (?:.+\n)+", _text("README.md"), re.MULTILINE)
    assert {int(code) for code in re.findall(r"\b\d+\b", codes)} == set(ExitCode)


def test_guides_name_commands_and_flags_that_there_are() -> None:
    for name in GUIDES:
        called = re.findall(r"channelscope ([a-z]+)", _text(name))
        assert set(called) <= set(COMMANDS), name


def test_makefile_lists_itself() -> None:
    assert {"demo", "test", "check", "lint", "sql", "types", "golden", "dist", "bench"} <= (
        _makefile_targets()
    )


def test_continuous_integration_runs_the_test_command_of_the_readme() -> None:
    assert "make test" in _text("README.md")
    assert "make test" in _text(".ci/run").splitlines()[-2]


def test_query_and_case_of_the_guide_keep_the_contract(tmp_path: Path) -> None:
    """The example that people copy passes what it explains."""
    blocks = re.findall(r"(?:^    .*\n|^\n)+", _text("CONTRIBUTING.md"), re.MULTILINE)
    sql = next(textwrap.dedent(b) for b in blocks if "-- purpose" in b)
    case = next(textwrap.dedent(b) for b in blocks if "given order_lines" in b)
    folder = tmp_path / "guide"
    (folder / "cases").mkdir(parents=True)
    (folder / "example.sql").write_text(sql.strip() + "\n", encoding="utf-8")
    path = folder / "cases" / "example.case"
    path.write_text(case, encoding="utf-8")
    query = sqlfile.read(folder / "example.sql")
    assert sql_rules.faults(query) == []
    sql_cases.check(query, path, {query.name: query})
