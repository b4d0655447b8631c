"""The rules of the house that a program can read: rooms, sizes, words, and where SQL lives."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from channelscope import results, sqlfile
from tests.conftest import ROOT

SOURCE = ROOT / "src" / "channelscope"
FILES = sorted(SOURCE.rglob("*.py"))
LONGEST = 300
NO_ROOMS = {"utils", "util", "helpers", "helper", "common", "misc", "base", "core", "tools"}

SQL = re.compile(
    r"^\s*(select\b.*\bfrom\b|with\s+\w+\s+as\b.*\bfrom\b|create\s+(or\s+replace\s+)?(temp\w*\s+)?(table|view)"
    r"|insert\s+into|delete\s+from|update\s+\w+\s+set|copy\s+(\(|\w+\s+to\s+')|drop\s+(table|view))",
    re.IGNORECASE | re.DOTALL,
)

# One word per idea: the word that is used, and those that are not used for it.
WORDS = {
    "buyer": {"customer", "client", "shopper"},
    "sales": {"revenue", "turnover", "gmv"},
    "units": {"pieces_sold", "units_sold"},
    "lo and hi": {"lower_bound", "upper_bound", "ci_low", "ci_high", "conf_low", "conf_high"},
    "visitor_days": {"uv", "unique_visitors"},
    "reference": {"baseline_store", "benchmark_store"},
    "share or rate": {"pct", "percent", "percentage"},
}
MECHANISM_CODES = re.compile(r"new_customer")


def _id(path: Path) -> str:
    return path.relative_to(SOURCE).as_posix()


def test_rooms_know_only_the_rooms_below() -> None:
    """The contracts stand in `.importlinter`."""
    script = Path(sys.executable).with_name("lint-imports")
    path = os.pathsep.join([str(ROOT / "src"), os.environ.get("PYTHONPATH", "")])
    done = subprocess.run(
        [script, "--no-cache", "--no-logo"],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_source_is_there() -> None:
    assert len(FILES) > 20


@pytest.mark.parametrize("path", FILES, ids=_id)
def test_file_is_short_named_for_its_work_and_introduced(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    tree = ast.parse(text)
    assert len(text.splitlines()) <= LONGEST
    assert path.stem not in NO_ROOMS
    assert ast.get_docstring(tree), "no docstring says what the module is"
    code = [node for node in tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef)]
    assert not code or "from __future__ import annotations" in text


def test_other_files_are_short() -> None:
    folders = ("tests", "benchmarks", "sample_data")
    paths = [path for folder in folders for path in (ROOT / folder).rglob("*.py")]
    lengths = {str(path): len(path.read_text(encoding="utf-8").splitlines()) for path in paths}
    assert lengths
    assert {path for path, length in lengths.items() if length > LONGEST} == set()


@pytest.mark.parametrize("path", FILES, ids=_id)
def test_sql_lives_in_files(path: Path) -> None:
    assert _sql_strings(path.read_text(encoding="utf-8")) == []


def _sql_strings(text: str) -> list[str]:
    tree = ast.parse(text)
    docs = {id(node.body[0].value) for node in ast.walk(tree) if _has_docstring(node)}
    return [s for s in _strings(tree, skip=docs) if SQL.search(s)]


def _has_docstring(node: ast.AST) -> bool:
    documented = ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef
    return isinstance(node, documented) and ast.get_docstring(node) is not None


def _strings(tree: ast.AST, *, skip: set[int]) -> Iterator[str]:
    """Plain strings, and f-strings with their holes filled by a word."""
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            yield "".join(
                part.value if isinstance(part, ast.Constant) else "x" for part in node.values
            )
        elif (
            isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in skip
        ):
            yield node.value


@pytest.mark.parametrize(
    "code",
    [
        'x = "select a from t"',
        'x = "with a as (select 1) select * from a"',
        'x = f"select {a} from {b}"',
        'x = f"create or replace temp view {a} as x"',
        'x = """\n  SELECT a\n  FROM t"""',
        "x = f\"copy {a} to 'b.csv'\"",
    ],
)
def test_sql_in_code_is_seen(code: str) -> None:
    assert _sql_strings(code)


@pytest.mark.parametrize(
    "code",
    [
        '"""select a from t"""',
        'x = "with {n} stores"',
        'x = "select a store"',
        'x = "from F1 to D1"',
        'x = "Copy the sample to ./demo"',
    ],
)
def test_words_are_not_taken_for_sql(code: str) -> None:
    assert _sql_strings(code) == []


def _public_columns() -> Iterator[tuple[str, str]]:
    for query in sqlfile.catalogue().values():
        yield from ((query.name, output.name) for output in query.outputs)
    for table, columns in results.TABLES.items():
        yield from ((table, name) for name in columns)


def test_columns_use_one_word_per_idea() -> None:
    wrong = [
        f"{where}.{column}: say {word}"
        for where, column in _public_columns()
        for word, others in WORDS.items()
        for other in others
        if re.search(rf"(^|_){other}(_|$)", MECHANISM_CODES.sub("", column))
    ]
    assert wrong == []


def test_names_in_code_use_one_word_per_idea() -> None:
    wrong = [
        f"{_id(path)}:{node.lineno}: {name}, say {word}"
        for path in FILES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if (name := _name(node))
        for word, others in WORDS.items()
        if set(MECHANISM_CODES.sub("", name).lower().split("_")) & others
    ]
    assert wrong == []


def _name(node: ast.AST) -> str:
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        return node.name
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
        return node.id
    return node.arg if isinstance(node, ast.arg) else ""
