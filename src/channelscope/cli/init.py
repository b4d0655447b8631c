"""`channelscope init`: a commented channelscope.toml and empty tables with their headers."""

from __future__ import annotations

from pathlib import Path

import click

from channelscope.cli.console import Console
from channelscope.errors import OutputError, UsageError


@click.command(help="Write a commented channelscope.toml and empty tables into FOLDER.")
@click.argument("folder", required=False, type=click.Path(path_type=Path))
@click.option(
    "--candidate",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write the commented toml of a store that might be opened, for 'decide', instead.",
)
@click.pass_obj
def command(console: Console, /, *, folder: Path | None, candidate: Path | None) -> None:
    if (folder is None) == (candidate is None):
        raise UsageError("name a folder, or a file with --candidate", expected="one of the two")
    if candidate is not None:
        _candidate(console, candidate)
    if folder is not None:
        _workspace(console, folder)


def _candidate(console: Console, path: Path) -> None:
    from channelscope import candidate_file  # noqa: PLC0415  pydantic waits for the command

    if path.exists():
        raise UsageError("is there already", where=str(path), advice="choose another name")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(candidate_file.template())
    except OSError as error:
        raise OutputError(f"cannot be written: {error.strerror}", where=str(path)) from error
    console.say(f"written: {path}")
    console.say(f"next: put in what you know, then channelscope decide WORKSPACE {path}")


def _workspace(console: Console, folder: Path) -> None:
    files = _files(folder)
    there = [name for name in files if (folder / name).exists()]
    if there:
        raise UsageError(
            f"already has {', '.join(there)}",
            where=str(folder),
            expected="a new or empty folder",
            advice="choose another folder; nothing is overwritten",
        )
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in files.items():
            with (folder / name).open("x", encoding=_encoding(name), newline="\n") as file:
                file.write(text)
    except OSError as error:
        raise OutputError(f"cannot be written: {error.strerror}", where=str(folder)) from error
    console.say(f"written: {folder}: {', '.join(files)}")
    console.say(f"next: fill the tables, or import exports, then channelscope check {folder}")


def _files(folder: Path) -> dict[str, str]:
    from channelscope import config_file, contract  # noqa: PLC0415  pydantic waits for the command
    from channelscope.config import FILE_NAME  # noqa: PLC0415

    files = {FILE_NAME: config_file.template(folder.resolve().name)}
    files["COLUMNS.md"] = contract.described()
    for table in contract.TABLES:
        files[f"{table.name}.csv"] = ",".join(column.name for column in table.columns) + "\n"
    return files


def _encoding(name: str) -> str:
    """Spreadsheets take a CSV for utf-8 only when it begins with a byte order mark."""
    return "utf-8-sig" if name.endswith(".csv") else "utf-8"
