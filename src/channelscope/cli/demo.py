"""`channelscope demo`: the sample workspace, compared."""

from __future__ import annotations

import shutil
from pathlib import Path

import click

from channelscope import assets
from channelscope.cli.compare import run
from channelscope.cli.console import Console
from channelscope.errors import OutputError

FOLDER = "channelscope-demo"


@click.command(help=f"Copy the sample workspace to ./{FOLDER}, compare it, write the report.")
@click.option("--lang", type=click.Choice(["en", "zh", "both"]), default="both", show_default=True)
@click.pass_obj
def command(console: Console, /, *, lang: str) -> None:
    folder = Path.cwd() / FOLDER
    try:
        shutil.copytree(assets.sample_workspace(), folder, dirs_exist_ok=True)
    except OSError as error:
        raise OutputError(
            f"the sample cannot be copied: {error}",
            where=str(folder),
            advice="run the demo in a folder you may write to",
        ) from error
    run(console, folder, lang=lang, out=folder / "out", formats="html,json,parquet")
    console.say(f"open {(folder / 'out' / 'report.html').as_uri()}")
