"""`channelscope import`: exports of marketplaces → tables of a workspace."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from channelscope.cli import options
from channelscope.cli.console import Console, loading, write_rows
from channelscope.errors import UsageError

if TYPE_CHECKING:
    from channelscope.importing import Asked, Progress


@click.command(
    name="import",
    help="Import exports of SOURCE (taobao, jd, pdd …; auto finds out) as the data of one store; "
    "'import match' applies product_map.csv anew.",
)
@click.argument("source", required=False)
@click.argument("files", nargs=-1, metavar="FILES_OR_FOLDERS", type=click.Path(path_type=Path))
@click.option(
    "--into", "workspace", type=click.Path(path_type=Path, file_okay=False), help="The workspace."
)
@click.option("--store", help="The store_id whose exports these are.")
@click.option("--shop", help="Which shop, where a file holds several: its name in the file.")
@click.option("--from", "first", type=options.DAY, help="First day of a file without dates.")
@click.option("--to", "last", type=options.DAY, help="Last day of it, included.")
@click.option("--dry-run", is_flag=True, help="Print how each column would be read; write nothing.")
@click.option("--list", "list_all", is_flag=True, help="List the exports that can be imported.")
@options.machine
@click.pass_obj
def command(
    console: Console, /, *, source: str | None, files: tuple[Path, ...], workspace: Path | None,
    list_all: bool, dry_run: bool, **flags: Any,
) -> None:  # fmt: skip
    with loading():
        from channelscope import importing  # noqa: PLC0415  heavy imports wait for the command
        from channelscope.cli import import_text  # noqa: PLC0415

    if list_all:
        write_rows("".join("\t".join(row) + "\n" for row in importing.listed()))
        return
    files = tuple(_opened(files))
    _require(source, files, workspace, dry_run=dry_run)
    assert source is not None
    if source == "match":
        assert workspace is not None
        done = importing.rematch(workspace, limits=options.limits(flags))
        _say(console, import_text.matched(done, workspace))
        return
    asked = _asked(source, files, workspace, flags)
    with _progress(console) as progress:
        if dry_run:
            previews = importing.preview(asked, progress=progress)
        else:
            done = importing.run(asked, progress=progress)
    if dry_run:
        write_rows("".join(f"{line}\n" for one in previews for line in import_text.preview(one)))
    else:
        _say(console, import_text.told(done, asked))


EXPORTS = (".csv", ".tsv", ".txt", ".xlsx", ".xls", ".zip")


def _opened(files: tuple[Path, ...]) -> Iterator[Path]:
    """The files, and of folders the exports in them."""
    for path in files:
        if path.is_dir():
            yield from sorted(p for p in path.iterdir() if p.suffix.lower() in EXPORTS)
        else:
            yield path


def _require(
    source: str | None, files: tuple[Path, ...], workspace: Path | None, *, dry_run: bool
) -> None:
    usage = "channelscope import SOURCE FILES --into WORKSPACE --store F1"
    if source is None:
        raise UsageError("name a source, or auto", expected=usage,
                         advice="list them with 'channelscope import --list'")  # fmt: skip
    if source == "match" and files:
        raise UsageError("'import match' takes no files", expected="channelscope import match "
                         "--into WORKSPACE")  # fmt: skip
    if source != "match" and not files:
        raise UsageError("there is no file to import", expected=usage)
    if workspace is None and not dry_run:
        raise UsageError("into which workspace?", where="--into", expected=usage,
                         advice="make one with 'channelscope init DIR'")  # fmt: skip


def _asked(
    source: str, files: tuple[Path, ...], workspace: Path | None, flags: dict[str, Any]
) -> Asked:
    from channelscope.domain import Period  # noqa: PLC0415
    from channelscope.importing import Asked  # noqa: PLC0415

    first, last = flags["first"], flags["last"]
    if (first is None) != (last is None):
        raise UsageError("both ends are needed", where="--from, --to", expected="two days")
    if first is not None and first > last:
        raise UsageError("the last day comes before the first", where="--from, --to")
    return Asked(
        source=source, files=files, workspace=workspace, store=flags["store"], shop=flags["shop"],
        span=None if first is None else Period(first.date(), last.date()),
        limits=options.limits(flags),
    )  # fmt: skip


def _say(console: Console, lines: Iterator[str]) -> None:
    for line in lines:
        console.say(line)


@contextmanager
def _progress(console: Console) -> Iterator[Progress]:
    """A bar per file being read; plain silence where nobody watches."""
    if console.quiet or not sys.stderr.isatty():
        yield lambda _label, _done, _total: None
        return
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn  # noqa: PLC0415

    share = TextColumn("{task.percentage:>3.0f}%")
    columns = (TextColumn("{task.description}"), BarColumn(), share, TimeRemainingColumn())
    with Progress(*columns, console=console.rich(), transient=True) as bar:
        tasks: dict[str, Any] = {}

        def step(label: str, done: int, total: int) -> None:
            if label not in tasks:
                tasks[label] = bar.add_task(label, total=total)
            bar.update(tasks[label], completed=done, total=total)

        yield step
