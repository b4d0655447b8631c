"""`channelscope query`: the rows of one named query, as CSV or JSON on stdout."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from channelscope.cli import options
from channelscope.cli.console import Console, loading, write_rows
from channelscope.errors import UsageError

if TYPE_CHECKING:
    from channelscope.sqlfile import SqlFile


@click.command(help="Run query NAME on WORKSPACE and print its rows; --list names all queries.")
@click.argument("name", required=False)
@click.argument("workspace", required=False, type=click.Path(path_type=Path))
@click.option("--list", "list_all", is_flag=True, help="List the queries.")
@click.option("--sql", "show_sql", is_flag=True, help="Print the query's text instead.")
@click.option("--render", is_flag=True, help="Print the Spark SQL that would run.")
@click.option(
    "--format", "form", type=click.Choice(["csv", "json"]), default="csv", show_default=True
)
@click.option(
    "--param",
    "params",
    multiple=True,
    metavar="NAME=VALUE",
    help="A parameter of the query, such as rung=list.",
)
@click.option(
    "--candidate",
    "candidates",
    multiple=True,
    type=click.Path(path_type=Path),
    help="A store that might be opened, for queries of decision/.",
)
@click.option("--period", metavar="2026Q3|FROM..TO", help="For queries of review/.")
@options.selection
@options.engine
@click.pass_obj
def command(
    console: Console,
    /,
    *,
    name: str | None,
    workspace: Path | None,
    list_all: bool,
    show_sql: bool,
    render: bool,
    form: str,
    params: tuple[str, ...],
    **flags: Any,
) -> None:
    from channelscope import sqlfile  # noqa: PLC0415  heavy imports wait for the command

    if list_all:
        for query in sqlfile.catalogue().values():
            click.echo(f"{query.name}\t{query.purpose}")
        return
    if name is None:
        raise UsageError("name a query", advice="list them with 'channelscope query --list'")
    query = sqlfile.find(name)
    if show_sql and not render:
        click.echo(query.path.read_text(encoding="utf-8"), nl=False)
        return
    if render:
        click.echo(_rendered(query, flags["engine"]), nl=False)
        return
    if workspace is None:
        raise UsageError("name a workspace", expected=f"channelscope query {name} WORKSPACE")
    _print(console, query, form=form, params=_pairs(query, params), workspace=workspace, **flags)


def _rendered(query: SqlFile, engine: str | None) -> str:
    with loading():
        from channelscope import cubes  # noqa: PLC0415  heavy imports wait for the command
        from channelscope.engine import spark, spark_sql  # noqa: PLC0415

    if engine != "spark":
        raise UsageError(
            "--render tells what Spark would run",
            where="--render",
            expected="--engine spark",
            advice=f"read what DuckDB runs with 'channelscope query {query.name} --sql'",
        )
    if query.name in cubes.NAMED or not spark.is_run(query):
        raise UsageError(
            f"{query.name} always runs in DuckDB, on small tables or what the scans made",
            where="--render",
            expected="a query of scan/, or a check of order_lines or price_snapshots",
        )
    return spark_sql.render(query)


def _pairs(query: SqlFile, params: tuple[str, ...]) -> dict[str, str]:
    for text in params:
        if "=" not in text:
            raise UsageError(f"'{text}' has no value", where="--param", expected="NAME=VALUE")
    pairs = dict(text.partition("=")[::2] for text in params)
    for name in pairs:
        if name not in query.params:
            raise UsageError(
                f"{query.name} has no parameter '{name}'",
                where="--param",
                expected=", ".join(query.params) or "no parameter",
            )
    return pairs


def _print(
    console: Console, query: SqlFile, *, form: str, params: dict[str, str], workspace: Path,
    candidates: tuple[Path, ...], period: str | None, **flags: Any,
) -> None:  # fmt: skip
    with loading():
        from channelscope import candidate_file, outputs, pipeline  # noqa: PLC0415

    with console.progress() as progress:
        frame = pipeline.answer(
            query, options.request(workspace, console, **flags), params=params,
            candidates=[candidate_file.read(path) for path in candidates], period=period,
            progress=progress,
        )  # fmt: skip
    shown = outputs.rounded(frame)
    text = outputs.rows_as_json(shown) if form == "json" else shown.write_csv()
    write_rows(text)
