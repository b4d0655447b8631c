"""`channelscope review`: what changed in a quarter, what was decided, and what is next."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from channelscope.cli import options
from channelscope.cli.console import Console, loading
from channelscope.cli.page import page
from channelscope.errors import ExitCode, UsageError

MOST_TOLD = 8

if TYPE_CHECKING:
    import polars as pl

    from channelscope.results import Results
    from channelscope.review_file import ReviewFile


@click.command(
    help="Review a period of WORKSPACE: against the one before, the year before, and the days of"
    " the year before aligned on events. What is seen and decided is kept in WORKSPACE/reviews."
)
@options.WORKSPACE
@click.option("--period", metavar="2026Q3|FROM..TO",
              help="A quarter of the fiscal year, or any days.")  # fmt: skip
@click.option("--against", metavar="FROM..TO", help="Hold it against these days alone.")
@click.option("--watch", is_flag=True,
              help="An event in progress: the days so far, projected to its end.")  # fmt: skip
@click.option("--amend", is_flag=True, help="Write a new revision of a review that is there.")
@click.option("--fail-on-exception", is_flag=True, help="End with exit code 6 on exceptions.")
@options.outputs("reviews/PERIOD")
@options.redaction
@options.engine
@click.pass_context
def command(
    context: click.Context, /, *, workspace: Path, period: str | None, watch: bool, amend: bool,
    fail_on_exception: bool, lang: str, out: Path | None, formats: str, **flags: Any,
) -> None:  # fmt: skip
    console: Console = context.obj
    asked = options.asked_formats(formats)
    if amend and (watch or flags["redact"]):
        raise UsageError(
            "nothing is remembered of an event in progress, nor of a redacted copy",
            where="--amend",
        )
    if period is None and not watch:
        raise UsageError(
            "name a period",
            where="--period",
            expected="a quarter such as 2026Q3, or FROM..TO; or --watch for an event in progress",
        )

    with loading():
        from channelscope import outputs, review_file, reviewing  # noqa: PLC0415  heavy

    with console.progress() as progress:
        request = options.request(workspace, console, **flags)
        if watch or period is None:
            watched = reviewing.watch(request, period=period, progress=progress)
        else:
            watched = reviewing.review(request, period=period, progress=progress)
        if watched is None:
            console.say(
                "no event is in progress on the last day of the data: nothing was written; the"
                " days of events stand under [events] in channelscope.toml"
            )
            return
        results, found = watched
        progress("render")
        name = "watch" if watch else found.name
        name += "-redacted" if results.meta.redacted else ""
        folder = out or workspace / review_file.FOLDER / name
        written = outputs.write(
            results,
            folder,
            formats=[outputs.Format(name) for name in asked],
            render=lambda told: page(told, request, "review", lang=lang, progress=progress),
        )
        kept = None
        fresh = found.own is None or (amend and found.differs)
        if found.memory is not None and fresh and not results.meta.redacted:
            kept = review_file.write(found.memory, workspace, name=results.meta.workspace)
    _tell(console, results, written)
    if results.meta.redacted:
        console.say(f"left out: {', '.join(results.meta.redacted)}; nothing was remembered")
    elif not watch:
        _tell_memory(console, found.own, kept, moved=results.tables["moved"], amend=amend)
    if fail_on_exception and results.tables["exceptions"].height:
        context.exit(ExitCode.EXCEPTIONS_FOUND)


def _tell(console: Console, results: Results, written: tuple[Path, ...]) -> None:
    meta, tables = results.meta, results.tables
    console.say(f"{meta.workspace}: {meta.period.first} to {meta.period.last}")
    total = tables["variance"].filter(metric="sales", store_id="all")
    for row in total.iter_rows(named=True):
        console.say(_said(row))
    for row in tables["projection"].filter(store_id="all").iter_rows(named=True):
        console.say(_projected(row))
    outcomes = tables["decisions"]["outcome"].to_list()
    kept, missed = outcomes.count("kept"), outcomes.count("missed")
    if kept + missed:
        console.say(f"decisions: {kept} of {kept + missed} kept")
    for row in tables["decisions"].filter(outcome="cannot_be_told").iter_rows(named=True):
        reason = (row["outcome_reason"] or "").partition(".")[2].replace("_", " ")
        console.say(f"decision {row['decision_id']}: cannot be told ({reason})")
    found = tables["exceptions"].height
    console.say(f"exceptions: {found or 'none'}")
    first = next((path for path in written if path.name == "report.html"), written[0])
    console.say(f"written: {first}" + (f" and {len(written) - 1} more" if written[1:] else ""))


def _said(row: dict[str, Any]) -> str:
    """Sales of all stores against one base."""
    against = {
        "previous": "the period before", "year_before": "the year before",
        "aligned": "the matching days of the year before", "plan": "the plan",
        "against": "the days asked for",
    }[row["base"]]  # fmt: skip
    held = f"sales of {row['stores']} against {against}"
    if row["relative"] is None:
        return f"{held}: cannot be told"
    said = f"{held}: {row['relative']:+.1%}"
    if row["relative_lo"] is not None:
        said += f" [{row['relative_lo']:+.1%}, {row['relative_hi']:+.1%}]"
    return said


def _projected(row: dict[str, Any]) -> str:
    """An event in progress in one line."""
    days = (
        f"{row['event']}: {row['days_so_far']} of {row['days']} days, {row['so_far']:,.0f} so far"
    )
    if row["projected"] is None:
        return f"{days}; its end cannot be told"
    return f"{days}; {row['projected']:,.0f} [{row['low']:,.0f}, {row['high']:,.0f}] at its end"


def _tell_memory(
    console: Console, own: ReviewFile | None, kept: Path | None, *, moved: pl.DataFrame, amend: bool
) -> None:
    if kept is not None:
        said = f", {moved.height} figures moved{':' if moved.height else ''}" if own else ""
        console.say(f"remembered: {kept}{said}")
    elif own is None:
        console.say("not remembered: the period is still going on")
    elif moved.height:
        console.say(
            f"figures that differ from revision {own.revision}: {moved.height}; it stays as it is,"
            " --amend writes a new one"
        )
    elif amend:
        console.say(f"nothing moved since revision {own.revision}: no new one was written")
    if own is not None:
        _tell_moved(console, moved)


def _tell_moved(console: Console, moved: pl.DataFrame) -> None:
    """Some of the figures, those of sales first."""
    told = moved.sort(moved["metric"] != "sales", maintain_order=True)
    for row in told.head(MOST_TOLD).iter_rows(named=True):
        before, now = (
            "not known" if value is None else f"{value:,.2f}" if abs(value) >= 1 else f"{value:.4g}"
            for value in (row["before"], row["now"])
        )
        console.say(f"  {row['store_id']}: {row['metric']} {before} -> {now}")
    if moved.height > MOST_TOLD:
        console.say(f"  and {moved.height - MOST_TOLD} more: see the table 'moved'")
