"""What scripts are built on, written down: a rename shows up as a difference of one golden file."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import click
import pytest

from channelscope import contract, registry, results, sqlfile
from channelscope.cli import cli
from channelscope.decision_tables import DECISION_TABLES
from channelscope.errors import ExitCode
from channelscope.review_tables import REVIEW_TABLES


def _commands() -> Iterator[str]:
    context = click.Context(cli)
    for name in cli.list_commands(context):
        command = cli.get_command(context, name)
        assert command is not None
        words = [
            param.opts[0] if isinstance(param, click.Option) else str(param.name).upper()
            for param in command.params
        ]
        yield f"{name}: {' '.join(words)}"


def _tables() -> Iterator[str]:
    for name, columns in {**results.TABLES, **DECISION_TABLES, **REVIEW_TABLES}.items():
        yield f"{name}: {', '.join(f'{column} {type_}' for column, type_ in columns.items())}"


def _contract() -> Iterator[str]:
    for table in contract.TABLES:
        columns = (f"{c.name} {c.type}{' required' if c.required else ''}" for c in table.columns)
        yield f"{table.name}: {', '.join(columns)}"


def _queries() -> Iterator[str]:
    for name, query in sqlfile.catalogue().items():
        if query.folder not in ("checks", "load"):
            yield f"{name}: {', '.join(output.name for output in query.outputs)}"


@pytest.mark.golden
def test_public_names_are_what_they_were(golden: Callable[[str, str], None]) -> None:
    parts = {
        "commands and their flags": _commands(),
        "exit codes": (f"{code.value} {code.name.lower()}" for code in ExitCode),
        "tables of a workspace": _contract(),
        "result tables": _tables(),
        "metrics": (f"{m.dimension}/{m.id}, {m.unit}, {m.better}" for m in registry.METRICS),
        "queries": _queries(),
    }
    text = "\n".join(f"# {title}\n" + "\n".join(lines) + "\n" for title, lines in parts.items())
    golden("public_names.txt", text)
