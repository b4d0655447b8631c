"""The package as a whole: examples in docstrings run, and importing it stays cheap."""

from __future__ import annotations

import doctest
import importlib
import inspect
import pkgutil
import subprocess
import sys

import pytest

from channelscope import stats

MODULES = sorted(info.name for info in pkgutil.iter_modules(stats.__path__, f"{stats.__name__}."))
EXAMPLES = [name for name in MODULES if name.rpartition(".")[2] not in ("arrays", "index_numbers")]
SECTIONS = (
    "To a shop owner:",
    "Shapes:",
    "Units:",
    "Args:",
    "Returns:",
    "Raises:",
    "Source:",
    ">>>",
)


def public_functions():
    for name in EXAMPLES:
        module = importlib.import_module(name)
        for member in vars(module).values():
            if (
                inspect.isfunction(member)
                and member.__module__ == name
                and member.__name__[0] != "_"
            ):
                yield pytest.param(member, id=f"{name.rpartition('.')[2]}.{member.__name__}")


@pytest.mark.parametrize("name", EXAMPLES)
def test_examples_in_docstrings_run(name):
    result = doctest.testmod(importlib.import_module(name))
    assert result.attempted > 0
    assert result.failed == 0


@pytest.mark.parametrize("function", list(public_functions()))
def test_every_public_function_says_what_it_means(function):
    missing = [section for section in SECTIONS if section not in (function.__doc__ or "")]
    assert missing == []


def test_importing_the_package_does_not_import_scipy():
    lines = [*(f"import {name}" for name in MODULES), "import sys", "print('scipy' in sys.modules)"]
    ran = subprocess.run(
        [sys.executable, "-c", "\n".join(lines)],
        capture_output=True,
        text=True,
        check=True,
        env={"PYTHONPATH": ":".join(sys.path)},
    )
    assert ran.stdout.strip() == "False"
