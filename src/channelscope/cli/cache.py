"""`channelscope cache`: what is kept between runs on a workspace, and how to be rid of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from channelscope.cli import options
from channelscope.cli.console import Console
from channelscope.errors import UsageError

if TYPE_CHECKING:
    from channelscope.cache_folder import Entry


@click.group(name="cache", help="Show or clear what is kept between runs on a workspace.")
def command() -> None:
    """The commands of the cache."""


@command.command(help="Print results, entries, bytes and last use.")
@options.WORKSPACE
@click.pass_obj
def info(console: Console, /, *, workspace: Path) -> None:
    """One line a result, the largest first, and a total for people."""
    from channelscope import cache_folder  # noqa: PLC0415

    folder = _folder(workspace)
    try:
        found = cache_folder.entries(folder)
    except OSError as error:
        raise UsageError(
            f"the cache cannot be read: {error.strerror or error}",
            where=str(folder),
            expected="a folder that you may read",
        ) from error
    for line in _lines(found):
        click.echo(line)
    console.say(f"{folder}: {_told(found)}")
    if cache_folder.is_locked(folder):
        console.say("a run is using it now")


@command.command(help="Remove everything that is kept of WORKSPACE; runs make it anew.")
@options.WORKSPACE
@click.pass_obj
def clear(console: Console, /, *, workspace: Path) -> None:
    """Refused while a run is using the cache."""
    from channelscope.cache_folder import CacheFolder  # noqa: PLC0415

    folder = _folder(workspace)
    if not folder.is_dir():
        console.say(f"{folder}: nothing is kept")
        return
    try:
        held = CacheFolder.take(workspace)
        try:
            found = held.clear()
        finally:
            held.close()
    except OSError as error:
        raise UsageError(
            f"the cache cannot be cleared: {error.strerror or error}",
            where=str(folder),
            expected="a folder that you may write",
        ) from error
    console.say(f"{folder}: removed {_told(found)}")


def _folder(workspace: Path) -> Path:
    from channelscope.cache_folder import FOLDER  # noqa: PLC0415
    from channelscope.workspace import existing_folder  # noqa: PLC0415

    return existing_folder(workspace, "workspace") / FOLDER


def _lines(found: Sequence[Entry]) -> Iterator[str]:
    """Name, entries, bytes and last use, with tabs between them."""
    by_name: defaultdict[str, list[Entry]] = defaultdict(list)
    for entry in found:
        by_name[entry.name].append(entry)
    sizes = {name: sum(entry.size for entry in kept) for name, kept in by_name.items()}
    for name in sorted(by_name, key=lambda name: (-sizes[name], name)):
        used = max(entry.used for entry in by_name[name])
        yield f"{name}\t{len(by_name[name])}\t{sizes[name]}\t{used:%Y-%m-%d}"


def _told(found: Sequence[Entry]) -> str:
    size = sum(entry.size for entry in found)
    count = "1 entry" if len(found) == 1 else f"{len(found):,} entries"
    return f"{count}, {size / 1e6:,.1f} MB" if found else "nothing"
