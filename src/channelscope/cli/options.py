"""The flags that several commands share."""

from __future__ import annotations

import functools
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

import click

from channelscope.cli.console import Console
from channelscope.errors import UsageError, did_you_mean
from channelscope.limits import MOST_THREADS, Limits, memory

F = TypeVar("F", bound=Callable[..., Any])

WORKSPACE = click.argument("workspace", type=click.Path(path_type=Path))
DAY = click.DateTime(formats=["%Y-%m-%d"])


def selection(command: F) -> F:
    """Which days, stores and groups are compared."""
    for option in reversed((
        click.option("--from", "first", type=DAY, help="First day, YYYY-MM-DD."),
        click.option("--to", "last", type=DAY, help="Last day, included."),
        click.option("--against", metavar="FROM..TO",
                     help="The days --from/--to are compared with; default: the year before."),
        click.option("--stores", help="Store ids, separated by commas; default: all."),
        click.option("--reference", help="The store the others are compared with."),
        click.option("--by", type=click.Choice(["kind", "platform", "operator"]),
                     help="Compare groups of stores."),
    )):  # fmt: skip
        command = option(command)
    return command


def _memory(_ctx: click.Context, _param: click.Parameter, text: str | None) -> str | None:
    try:
        return None if text is None else memory(text)
    except ValueError as error:
        raise UsageError(
            f"'{text}' is no amount of memory", where="--memory-limit", expected=str(error)
        ) from error


def machine(command: F) -> F:
    """What the run may take of the machine."""
    for option in reversed((
        click.option("--memory-limit", callback=_memory, metavar="AMOUNT",
                     help="For the database, such as 512MB, 4GB or 60% of RAM; default "
                     "channelscope.toml, else 60%."),
        click.option("--threads", type=click.IntRange(1, MOST_THREADS),
                     help="Threads of the database; default: one per core."),
        click.option("--temp-dir", type=click.Path(path_type=Path), metavar="FOLDER",
                     help="For what memory does not hold; default: the system's."),
    )):  # fmt: skip
        command = option(command)
    return command


def cluster(command: F) -> F:
    """Which engine runs the scans, and where it is."""
    for option in reversed((
        click.option("--engine", type=click.Choice(["duckdb", "spark"]),
                     help="What reads the order lines; default: of channelscope.toml, or duckdb."),
        click.option("--remote", metavar="sc://HOST:PORT", help="A Spark Connect server."),
        click.option("--tables", metavar="CATALOG.SCHEMA|FOLDER",
                     help="Where Spark finds the tables: a schema, or a folder of Parquet."),
    )):  # fmt: skip
        command = option(command)
    return command


def limits(flags: dict[str, Any]) -> Limits:
    """The flags of `machine`."""
    return Limits(flags.get("memory_limit"), flags.get("threads"), flags.get("temp_dir"))


def reading(command: F) -> F:
    """How the data is read."""
    return click.option(
        "--allow-dir", "allow_dirs", multiple=True,
        type=click.Path(path_type=Path, file_okay=False),
        help="A folder outside the workspace that its tables may read.",
    )(machine(command))  # fmt: skip


def caching(command: F) -> F:
    """Whether results of earlier runs are used."""
    return click.option(
        "--no-cache", is_flag=True, help="Read everything anew and keep nothing."
    )(command)  # fmt: skip


def engine(command: F) -> F:
    """How the data is read, and what is drawn from it at random."""
    seed = click.option(
        "--seed", type=click.IntRange(min=0), default=None, help="Seed of every random draw."
    )
    return reading(cluster(caching(seed(command))))


REDACTED = ("costs", "buyers", "stores")


def redaction(command: F) -> F:
    """What is left out of a copy for a partner."""
    return click.option(
        "--redact", metavar="WORDS",
        help=f"Leave out of a copy for a partner: any of {', '.join(REDACTED)}, with commas.",
    )(command)  # fmt: skip


FORMATS = ("html", "json", "parquet", "csv", "xlsx")


def outputs(folder: str) -> Callable[[F], F]:
    """In which languages and forms results are written, and where; `folder` of the workspace."""

    def decorated(command: F) -> F:
        for option in reversed((
            click.option("--lang", type=click.Choice(["en", "zh", "both"]), default="both",
                         show_default=True),
            click.option("--out", type=click.Path(path_type=Path, file_okay=False),
                         help=f"Where to write; default: WORKSPACE/{folder}."),
            click.option("--formats", default="html,json,parquet", show_default=True,
                         help=f"Any of {', '.join(FORMATS)}, separated by commas."),
        )):  # fmt: skip
            command = option(command)
        return command

    return decorated


def asked_formats(text: str) -> list[str]:
    """The formats of a list with commas; UsageError for one that there is not."""
    asked = _listed(text)
    for name in asked:
        if name not in FORMATS:
            raise UsageError(
                f"there is no format '{name}'",
                where="--formats",
                expected=", ".join(FORMATS),
                advice=did_you_mean(name, FORMATS),
            )
    if not asked:
        raise UsageError("no format asked for", where="--formats", expected=", ".join(FORMATS))
    return asked


def _listed(text: str) -> list[str]:
    return [name.strip() for name in text.split(",") if name.strip()]


def _redacted(text: str | None) -> Any:
    """The words of --redact in their own order, each once; UsageError for any other."""
    from channelscope.domain import Redacted  # noqa: PLC0415  heavy imports wait for the command

    asked = _listed(text or "")
    for name in asked:
        if name not in REDACTED:
            raise UsageError(
                f"'{name}' is nothing that can be left out",
                where="--redact",
                expected=", ".join(REDACTED),
                advice=did_you_mean(name, REDACTED),
            )
    if text is not None and not asked:
        raise UsageError("nothing to leave out", where="--redact", expected=", ".join(REDACTED))
    return tuple(part for part in Redacted if part in asked)


def request(workspace: Path, console: Console, **flags: Any) -> Any:
    """The flags as a `preparation.Request`, whose notes the console tells once each."""
    from channelscope.domain import GroupBy  # noqa: PLC0415  heavy imports wait for the command
    from channelscope.preparation import SEED, Request  # noqa: PLC0415

    def day(value: datetime | None) -> Any:
        return value.date() if value else None

    stores = _listed(flags.get("stores") or "")
    by = flags.get("by")
    seed = flags.get("seed")
    return Request(
        workspace=workspace,
        first=day(flags.get("first")),
        last=day(flags.get("last")),
        stores=tuple(stores),
        reference=flags.get("reference"),
        by=GroupBy(by) if by else None,
        against=span(flags.get("against")),
        allow_dirs=tuple(flags.get("allow_dirs") or ()),
        memory_limit=flags.get("memory_limit"),
        threads=flags.get("threads"),
        temp_dir=flags.get("temp_dir"),
        no_cache=bool(flags.get("no_cache")),
        engine=flags.get("engine"),
        remote=flags.get("remote"),
        tables=flags.get("tables"),
        seed=SEED if seed is None else seed,
        redact=_redacted(flags.get("redact")),
        tell=functools.cache(console.say),
    )


def span(text: str | None) -> Any:
    """Two days written `2025-11-01..2025-11-11`, or None."""
    from channelscope import quarters  # noqa: PLC0415

    return None if text is None else quarters.span(text, where="--against")
