"""`channelscope decide`: should a store be opened? Candidates in, the decision report out."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from channelscope.cli import options
from channelscope.cli.console import Console, loading
from channelscope.cli.page import page

if TYPE_CHECKING:
    from channelscope.results import Results


@click.command(
    help="Say of each CANDIDATE.toml whether that store should be opened, beside the stores of"
    " WORKSPACE. Write one with 'channelscope init --candidate FILE'."
)
@options.WORKSPACE
@click.argument("candidates", nargs=-1, required=True, type=click.Path(path_type=Path),
                metavar="CANDIDATE.toml...")  # fmt: skip
@click.option("--from", "first", type=options.DAY, help="First day of the data that decide.")
@click.option("--to", "last", type=options.DAY, help="Last day, included.")
@options.outputs("decision")
@options.engine
@click.pass_obj
def command(
    console: Console, /, *, workspace: Path, candidates: tuple[Path, ...], lang: str,
    out: Path | None, formats: str, **flags: Any,
) -> None:  # fmt: skip
    asked = options.asked_formats(formats)

    with loading():
        from channelscope import candidate_file, outputs, pipeline  # noqa: PLC0415  heavy

    read = [candidate_file.read(path) for path in candidates]
    folder = out or workspace / "decision"
    with console.progress() as progress:
        request = options.request(workspace, console, **flags)
        results = pipeline.decide(request, read, progress=progress)
        progress("render")
        written = outputs.write(
            results,
            folder,
            formats=[outputs.Format(name) for name in asked],
            render=lambda found: page(found, request, "decision", lang=lang, progress=progress),
        )
    _tell(console, results, written)


def _tell(console: Console, results: Results, written: tuple[Path, ...]) -> None:
    meta = results.meta
    console.say(
        f"{meta.workspace}: decided with {meta.period.first} to {meta.period.last},"
        f" seed {meta.seed}"
    )
    for row in results.tables["recommendation"].iter_rows(named=True):
        console.say(_said(row))
    first = next((path for path in written if path.name == "report.html"), written[0])
    console.say(f"written: {first}" + (f" and {len(written) - 1} more" if written[1:] else ""))


def _said(row: dict[str, Any]) -> str:
    """The answer in one line."""
    if row["recommendation"] is None:
        needs = "no margin would be enough to break even"
        if row["needed_margin"] is not None:
            needs = f"to break even it needs a margin of {row['needed_margin']:.0%} of sales"
        return f"{row['candidate_id']}: cannot be told without costs; {needs}"
    answer, reason = row["recommendation"], row["reason"].partition(".")[2]
    return (
        f"{row['candidate_id']}: {answer.replace('_', ' ')} ({reason.replace('_', ' ')}):"
        f" {row['p_payback']:.0%} to pay back in {row['horizon_months']} months,"
        f" contribution {row['contribution']:,.0f}"
        f" [{row['contribution_lo']:,.0f}, {row['contribution_hi']:,.0f}]"
    )
