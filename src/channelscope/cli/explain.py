"""`channelscope explain`: what a number is."""

from __future__ import annotations

import click

from channelscope import registry
from channelscope.cli.console import Console
from channelscope.errors import UsageError


@click.command(help="Say what METRIC is: formula, unit, reading, limits and SQL.")
@click.argument("metric", required=False)
@click.option("--list", "list_all", is_flag=True, help="List the metrics.")
@click.option("--lang", type=click.Choice(["en", "zh"]), default="en", show_default=True)
@click.pass_obj
def command(console: Console, /, *, metric: str | None, list_all: bool, lang: str) -> None:
    if list_all:
        for entry in registry.METRICS:
            click.echo(f"{entry.id}\t{entry.dimension}\t{entry.unit}\t{entry.formula}")
        return
    if metric is None:
        raise UsageError("name a metric", advice="list them with 'channelscope explain --list'")
    click.echo("\n".join(_lines(metric, lang)))


def _lines(metric: str, lang: str) -> list[str]:
    from channelscope import sqlfile  # noqa: PLC0415  heavy imports wait for the command
    from channelscope.report.language import Language  # noqa: PLC0415
    from channelscope.report.texts import Texts, catalogue  # noqa: PLC0415

    entry = registry.find(metric)
    texts = Texts(catalogue(Language(lang)))
    query = sqlfile.find(entry.query)
    delta = f"{entry.delta:g}" + (" of the reference's value" if entry.relative else "")
    return [
        f"{metric} · {texts.text(f'metric.{entry.id}')}",
        f"dimension: {entry.dimension}",
        f"unit: {entry.unit}",
        f"better: {entry.better}",
        f"formula: {texts.text(f'metric.{entry.id}.formula')}",
        f"reading: {texts.text(f'metric.{entry.id}.reading')}",
        f"smallest difference that matters: {delta}",
        f"query: {query.name} ({query.purpose})",
        f"source: {query.source}",
        "",
        query.sql.rstrip(),
    ]
