"""`channelscope demo`: the sample workspace, compared."""

from __future__ import annotations

import shutil
from pathlib import Path

import click

from channelscope import assets, shortages
from channelscope.cli.compare import run
from channelscope.cli.console import Console
from channelscope.errors import OutputError

FOLDER = "channelscope-demo"


@click.command(help=f"Copy the sample workspace to ./{FOLDER}, compare it, write the report.")
@click.option("--lang", type=click.Choice(["en", "zh", "both"]), default="both", show_default=True)
@click.pass_obj
def command(console: Console, /, *, lang: str) -> None:
    folder = Path.cwd() / FOLDER
    _copy_sample(folder)
    run(console, folder, lang=lang, out=folder / "out", formats="html,json,parquet")
    console.say(f"open {(folder / 'out' / 'report.html').as_uri()}")


def _copy_sample(folder: Path) -> None:
    """All of the sample, or nothing of it where there was none."""
    was_there = folder.exists()
    try:
        shutil.copytree(assets.sample_workspace(), folder, dirs_exist_ok=True)
    except OSError as error:
        if not was_there:
            shutil.rmtree(folder, ignore_errors=True)
        if short := shortages.of(error, where=str(folder)):
            raise short from error
        # Of many files that could not be copied, the first says why.
        why = error.args[0][0][2] if isinstance(error, shutil.Error) else error.strerror
        raise OutputError(
            f"the sample cannot be copied: {why}",
            where=str(folder),
            advice="run the demo in a folder you may write to",
        ) from error
