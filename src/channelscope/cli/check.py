"""`channelscope check`: every data check, worst first, on stdout."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from channelscope.cli import console as console_module
from channelscope.cli import options
from channelscope.cli.console import Console
from channelscope.errors import ExitCode

if TYPE_CHECKING:
    from channelscope.loading import Loaded
    from channelscope.quality import Finding, Quality


@click.command(help="Run every data check on WORKSPACE and print them, worst first.")
@options.WORKSPACE
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "csv", "json"]),
    default="text",
    show_default=True,
)
@options.reading
@options.cluster
@options.caching
@click.pass_obj
def command(
    console: Console,
    /,
    *,
    workspace: Path,
    form: str,
    allow_dirs: tuple[Path, ...],
    **flags: Any,
) -> None:
    with console_module.loading():
        from channelscope import checking, loading  # noqa: PLC0415  heavy: waits for the command

    with console.progress() as progress:
        request = options.request(workspace, console, allow_dirs=allow_dirs, **flags)
        loaded, found = checking.checked(request, progress)
    _print(found, form)
    for line in _notes(loaded, found):
        console.say(line)
    loading.raise_failures(loaded.failures)
    if found.fatal:
        raise click.exceptions.Exit(ExitCode.DATA)


def _print(found: Quality, form: str) -> None:
    from channelscope import outputs  # noqa: PLC0415

    if form == "json":
        sys.stdout.write(outputs.rows_as_json(found.frame))
    elif form == "csv":
        sys.stdout.write(found.frame.write_csv())
    else:
        for finding in found.findings:
            click.echo("\n".join(_lines(finding)))


def _lines(finding: Finding) -> Iterator[str]:
    """A passed check is one line; a failed one says what, where and what to do."""
    verdict = finding.severity.value if finding.failed else "ok"
    if not finding.failed:
        yield f"{verdict:<6}{finding.check}: {finding.rows:,} rows, none fails"
        return
    yield f"{verdict:<6}{finding.check}: {finding.failed:,} of {finding.rows:,} rows"
    share = finding.money_share
    money = "" if share is None else f", {share:.2%} of the money"
    yield f"      expected: {finding.rule}{money}"
    yield from (f"      {finding.table}.{part}" for part in finding.told)
    yield f"      what to do: {finding.advice}"


def _notes(loaded: Loaded, found: Quality) -> Iterator[str]:
    from channelscope import contract  # noqa: PLC0415
    from channelscope.errors import did_you_mean  # noqa: PLC0415

    for table, columns in loaded.extra_columns.items():
        free = [c.name for c in contract.BY_NAME[table].columns]
        hints = {name: did_you_mean(name, free) for name in columns}
        told = [f"{name} ({hint})" if hint else name for name, hint in hints.items()]
        yield f"not used: {table}: {', '.join(told)}"
    for table, count in loaded.replaced.items():
        yield f"not used: {table}: {count:,} imported rows that were also handed in"
    if loaded.workspace.ignored:
        yield f"not used: files {', '.join(loaded.workspace.ignored)}"
    if loaded.absent:
        yield f"absent: {', '.join(loaded.absent)}; what needs them is switched off"
    passed = sum(not finding.failed for finding in found.findings)
    fatal = len(found.fatal) + len(loaded.failures)
    yield f"{fatal} fatal, {len(found.warnings)} warnings, {passed} checks passed"
