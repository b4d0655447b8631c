"""The command line. Nothing but click is imported until a command needs it."""

from __future__ import annotations

import importlib
import keyword
import os
import signal
import sys
from typing import NoReturn

import click

from channelscope import __version__, interrupts
from channelscope.cli.console import Console, watched_interrupts
from channelscope.errors import ChannelscopeError, ExitCode

COMMANDS = {
    "demo": "compare the sample workspace and write its report",
    "init": "make an empty workspace",
    "import": "read exports of marketplaces into a workspace",
    "check": "run every data check on a workspace",
    "compare": "compare the stores of a workspace and write the report",
    "decide": "say whether a store should be opened, and why",
    "review": "say what changed in a quarter, what was decided, and what is next",
    "basket": "say what a basket costs in each store, step by step",
    "query": "run one named query and print its rows",
    "explain": "say what a number is",
    "cache": "show or clear what is kept between runs",
}


class LazyGroup(click.Group):
    """Imports a command's module when the command is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The commands in the order of their use."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name."""
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"channelscope.cli.{_module(cmd_name)}")
        command: click.Command = module.command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of commands, without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


def _module(name: str) -> str:
    """Where a command lives: a word that Python keeps for itself has a line after it."""
    return f"{name}_" if keyword.iskeyword(name) else name


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="channelscope")
@click.option("--quiet", is_flag=True, help="Say nothing but errors.")
@click.option("--json-errors", is_flag=True, help="Write errors as one JSON object on stderr.")
@click.pass_context
def cli(ctx: click.Context, *, quiet: bool, json_errors: bool) -> None:
    """How the stores of one brand differ: product, price, promotion, sales, service."""
    ctx.obj = Console(quiet=quiet, json_errors=json_errors)


def main() -> NoReturn:
    """Run the command line; every failure ends in one clear message and its exit code."""
    console = Console(json_errors="--json-errors" in sys.argv[1:])
    with watched_interrupts() as came:
        try:
            code = cli.main(args=_options_first(sys.argv[1:]), standalone_mode=False)
            status = int(code) if isinstance(code, int) else ExitCode.OK
        except BaseException as error:
            # Inside the database or an extension, Ctrl-C comes out as an error of theirs.
            if came or isinstance(error, (click.Abort, KeyboardInterrupt)):
                is_done = interrupts.DONE in getattr(error, "__notes__", ())
                _stop(console, came[0] if came else signal.SIGINT, is_done=is_done)
            status = _status(error, console)
    sys.exit(status)


def _status(error: BaseException, console: Console) -> int:
    """The exit code of an expected failure, which is told; anything else is a bug and goes on."""
    if isinstance(error, ChannelscopeError):
        return console.fail(error)
    if isinstance(error, click.exceptions.Exit):
        return error.exit_code
    if isinstance(error, click.ClickException):
        return console.misused(error)
    if isinstance(error, BrokenPipeError):
        # Whoever reads the rows has seen enough; python must not flush into the closed pipe again.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return ExitCode.OK
    from channelscope import shortages  # noqa: PLC0415  not for --help

    if short := shortages.of(error):
        return console.fail(short)
    raise error


def _stop(console: Console, number: int, *, is_done: bool) -> NoReturn:
    """End after Ctrl-C or SIGTERM. At once: an interrupted import would make python end by it."""
    status = console.interrupted(number, is_done=is_done)
    sys.stderr.flush()
    os._exit(status)


def _options_first(args: list[str]) -> list[str]:
    """Lets `--quiet` and `--json-errors` stand anywhere, as users put them."""
    common = [arg for arg in args if arg in ("--quiet", "--json-errors")]
    return common + [arg for arg in args if arg not in common]
