"""All talk goes to stderr: progress, notes, errors. stdout carries data only."""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType
from typing import TYPE_CHECKING, Any

import click

from channelscope import interrupts
from channelscope.errors import ChannelscopeError, ExitCode, OutputError

if TYPE_CHECKING:
    from rich.console import Console as RichConsole

    from channelscope.progress import Progress

STAGES = {
    "load": "reading the tables",
    "check": "checking the data",
    "cube": "adding up the order lines",
    "compare": "comparing the stores",
    "judge": "judging the differences",
    "decide": "drawing what may come of the candidates",
    "review": "reviewing the period",
    "render": "drawing the report",
}
UNITS = {"load": "MB", "compare": "dimensions", "render": "charts"}
"""What a stage counts, where not rows."""
_MB = 1_000_000


def counted(stage: str, done: int, of: int) -> str:
    """How much of a stage is done, as a person reads it; nothing where it does not count."""
    unit = UNITS.get(stage, "rows")
    if not of:
        return ""
    if unit == "MB":
        return f"{done / _MB:,.1f} of {of / _MB:,.1f} MB"
    return f"{done:,} of {of:,} {unit}"


@contextmanager
def watched_interrupts() -> Iterator[list[int]]:
    """Ctrl-C and SIGTERM raise KeyboardInterrupt, and leave a mark in the list."""
    came: list[int] = []
    usual: dict[signal.Signals, Any] = {
        signal.SIGINT: signal.default_int_handler, signal.SIGTERM: signal.SIG_DFL,
    }  # fmt: skip

    def mark(number: int, frame: FrameType | None) -> None:
        came.append(number)
        signal.default_int_handler(number, frame)

    taken = [number for number, handler in usual.items() if signal.getsignal(number) is handler]
    for number in taken:
        signal.signal(number, mark)
    try:
        yield came
    finally:
        for number in taken:
            signal.signal(number, usual[number])


loading = interrupts.deferred
"""Around imports of heavy modules: one interrupted half-way aborts the process."""


@dataclass(frozen=True, slots=True)
class Console:
    """Speaks to the person at the terminal."""

    quiet: bool = False
    json_errors: bool = False

    def say(self, text: str) -> None:
        """One line of talk."""
        if not self.quiet:
            click.echo(text, err=True)

    def rich(self) -> RichConsole:
        """A console for tables and progress, on stderr."""
        from rich.console import Console as RichConsole  # noqa: PLC0415  only where it is used

        return RichConsole(stderr=True, quiet=self.quiet)

    @contextmanager
    def progress(self) -> Iterator[Progress]:
        """A line that says which stage is running, how much of it is done and how long the rest
        will take; plain silence where nobody watches."""
        if self.quiet or not sys.stderr.isatty():
            from channelscope.progress import silence  # noqa: PLC0415

            yield silence
            return
        from rich import progress  # noqa: PLC0415

        columns = (
            progress.SpinnerColumn(), progress.TextColumn("{task.description}"),
            progress.BarColumn(), progress.TextColumn("{task.fields[count]}"),
            progress.TimeRemainingColumn(),
        )  # fmt: skip
        with progress.Progress(*columns, console=self.rich(), transient=True) as bar:
            task = bar.add_task("starting", total=None, count="")
            running = ""

            def step(stage: str, /, *, done: int = 0, of: int = 0) -> None:
                nonlocal running
                if stage != running:
                    bar.reset(task)
                running = stage
                told, count = STAGES.get(stage, stage), counted(stage, done, of)
                bar.update(task, description=told, completed=done, total=of or None, count=count)

            yield step

    def fail(self, error: ChannelscopeError) -> int:
        """Tell what went wrong; returns the exit code."""
        if self.json_errors:
            body = {**error.as_dict(), "exit_code": int(error.exit_code)}
            import json  # noqa: PLC0415  not for --help

            click.echo(json.dumps(body, ensure_ascii=False), err=True)
        else:
            click.echo(f"{click.style('error', fg='red', bold=True)}: {error}", err=True)
        return int(error.exit_code)

    def misused(self, error: click.ClickException) -> int:
        """A wrong flag or argument."""
        if self.json_errors:
            body = {"kind": "UsageError", "what": error.format_message(), "where": None,
                    "expected": None, "advice": None, "exit_code": int(ExitCode.USAGE)}  # fmt: skip
            import json  # noqa: PLC0415  not for --help

            click.echo(json.dumps(body, ensure_ascii=False), err=True)
        else:
            error.show()
        return int(ExitCode.USAGE)

    def interrupted(self, number: int = signal.SIGINT, *, is_done: bool = False) -> int:
        """The user or the system stopped the run; what was there before is still there, or, where
        it `is_done`, all of it is new."""
        is_term = number == signal.SIGTERM
        told = interrupts.DONE if is_done else "nothing was written"
        self.say(f"{'terminated' if is_term else 'interrupted'}: {told}")
        return int(ExitCode.TERMINATED if is_term else ExitCode.INTERRUPTED)


def write_rows(rows: str) -> None:
    """Rows to stdout, whole or with an error; that a reader has gone away is for the caller."""
    try:
        sys.stdout.write(rows)
        sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        raise OutputError(
            f"the rows cannot be written: {error.strerror or error}", where="standard output"
        ) from error
