"""`channelscope compare`: a workspace in, the differentiation report out."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from channelscope.cli import options
from channelscope.cli.console import Console, loading
from channelscope.cli.page import page

if TYPE_CHECKING:
    from channelscope.results import Results


@click.command(help="Compare the stores of WORKSPACE and write the report and its tables.")
@options.WORKSPACE
@options.selection
@options.redaction
@options.outputs("out")
@options.engine
@click.pass_obj
def command(
    console: Console, /, *, workspace: Path, lang: str, out: Path | None, formats: str, **flags: Any
) -> None:
    run(console, workspace, lang=lang, out=out or workspace / "out", formats=formats, **flags)


def run(
    console: Console, workspace: Path, *, lang: str, out: Path, formats: str, **flags: Any
) -> tuple[Path, ...]:
    """Compare, write, and say where; returns the files."""
    asked = options.asked_formats(formats)

    with loading():
        from channelscope import outputs, pipeline  # noqa: PLC0415  heavy: waits for the command

    with console.progress() as progress:
        request = options.request(workspace, console, **flags)
        results = pipeline.compare(request, progress=progress)
        progress("render")
        before = outputs.own_files(out)
        written = outputs.write(
            results,
            out,
            formats=[outputs.Format(name) for name in asked],
            render=lambda found: page(found, request, "page", lang=lang, progress=progress),
        )
    _tell(console, results, written)
    removed = [path.name for path in before if path not in written]
    if removed:
        console.say(f"removed, of the run before: {', '.join(sorted(removed))}")
    return written


def _tell(console: Console, results: Results, written: tuple[Path, ...]) -> None:
    import polars as pl  # noqa: PLC0415

    meta = results.meta
    inside = meta.rows_in - meta.rows_excluded.get("outside_period", 0)
    console.say(
        f"{meta.workspace}: {len(results.scope.stores)} stores, {meta.period.first} to "
        f"{meta.period.last}, {meta.rows_analysed:,} of {inside:,} order lines of this period "
        "analysed"
    )
    failed = results.tables["quality"].filter(pl.col("failed") > 0).height
    if failed:
        checks = "1 data check warns" if failed == 1 else f"{failed} data checks warn"
        console.say(f"{checks}: see the report's appendix, or the table quality")
    for message in results.warnings:
        if message.key == "warning.extra_columns":
            console.say(f"not read: {message.params['table']}: {message.params['columns']}")
        if message.key == "warning.product_map_edited":
            console.say(
                "product_map.csv was edited after the last import: channelscope import match"
            )
    for name, reason in results.switched_off.items():
        console.say(f"off: {name} ({reason.partition('.')[2].replace('_', ' ')})")
    if meta.redacted:
        console.say(f"left out: {', '.join(meta.redacted)}")
    first = next((path for path in written if path.name == "report.html"), written[0])
    console.say(f"written: {first}" + (f" and {len(written) - 1} more" if written[1:] else ""))
