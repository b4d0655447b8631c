"""`channelscope basket`: what a consumer pays for a basket in each store, step by step."""

from __future__ import annotations

import functools
import sys
from collections.abc import Iterable, Iterator
from datetime import datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from channelscope.cli import options
from channelscope.cli.console import Console, loading, write_rows
from channelscope.errors import UsageError

if TYPE_CHECKING:
    import polars as pl

    from channelscope.basket import Answer, Span

MOMENTS = ("%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M:%S")
MOST = Decimal(1_000_000)
HELP = """What a consumer pays for a basket in each store of WORKSPACE, step by step.

From list price over every promotion that is open to the consumer to the net price, and what stands
beside it (gifts at market price and at cost, free shipping, cashback). One row a step; money is
exact, in JSON as text. On a terminal a table is shown, elsewhere CSV.

\b
channelscope basket shop --item LX-TW-001=3
channelscope basket shop --store F1 --store D1 --item LX-TW-001=1 --at 2026-06-18T20:00 --as member
"""


@click.command(help=HELP)
@options.WORKSPACE
@click.option(
    "--item",
    "items",
    multiple=True,
    required=True,
    metavar="SKU=QTY",
    help="A product and how many pieces of it; may be given several times.",
)
@click.option(
    "--store",
    "stores",
    multiple=True,
    metavar="ID",
    help="A store; may be given several times. Default: all.",
)
@click.option(
    "--at",
    "moment",
    metavar="MOMENT",
    help="Local time of the stores, YYYY-MM-DDTHH:MM; a day alone means 20:00. "
    "Default: the last day of the data.",
)
@click.option(
    "--as",
    "eligible",
    multiple=True,
    type=click.Choice(["member", "new", "presale"]),
    help="What the consumer is, or does; may be given several times.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["csv", "json"]),
    help="Default: a table on a terminal, CSV elsewhere.",
)
@options.reading
@options.caching
@click.pass_obj
def command(
    console: Console, /, *, workspace: Path, items: tuple[str, ...], stores: tuple[str, ...],
    moment: str | None, eligible: tuple[str, ...], form: str | None,
    allow_dirs: tuple[Path, ...], **flags: Any,
) -> None:  # fmt: skip
    wanted, at = _items(items), _moment(moment)
    with loading():
        from channelscope.basket import Asked, basket  # noqa: PLC0415  heavy: waits for the command
        from channelscope.preparation import kept  # noqa: PLC0415

    request = options.request(workspace, console, allow_dirs=allow_dirs, **flags)
    asked = Asked(items=wanted, stores=stores, at=at, eligible=eligible)
    with console.progress() as progress:
        progress("load")
        found = basket(
            workspace, asked, allow_dirs=allow_dirs, limits=request.limits,
            keep=functools.partial(kept, request), progress=progress,
        )  # fmt: skip
    _tell(console, found, eligible)
    _print(found.frame, form)


def _items(texts: tuple[str, ...]) -> dict[str, Decimal]:
    found: dict[str, Decimal] = {}
    for text in texts:
        sku, equals, quantity = text.rpartition("=")
        if not equals or not sku.strip():
            raise UsageError(
                f"'{text}' does not say how many pieces",
                where="--item",
                expected="SKU=QTY, such as LX-TW-001=3",
            )
        found[sku.strip()] = found.get(sku.strip(), Decimal(0)) + _pieces(quantity, text)
    return found


def _pieces(quantity: str, text: str) -> Decimal:
    try:
        pieces = Decimal(quantity.strip())
    except InvalidOperation:
        pieces = Decimal(0)
    if not (pieces.is_finite() and 0 < pieces <= MOST) or pieces != round(pieces, 3):
        raise UsageError(
            f"'{quantity}' in '{text}' is no quantity",
            where="--item",
            expected="a number above 0 with at most three decimals, such as 3 or 0.5",
        )
    return pieces


def _moment(text: str | None) -> datetime | None:
    if text is None:
        return None
    for form in ("%Y-%m-%d", *MOMENTS):
        try:
            found = datetime.strptime(text, form)
        except ValueError:
            continue
        return found.replace(hour=20) if form == "%Y-%m-%d" else found
    raise UsageError(
        f"'{text}' is no moment",
        where="--at",
        expected="YYYY-MM-DDTHH:MM, such as 2026-06-18T20:00, or a day",
    )


def _tell(console: Console, found: Answer, eligible: tuple[str, ...]) -> None:
    who = f"whoever is {', '.join(eligible)}" if eligible else "everybody"
    console.say(f"prices at {found.at:%Y-%m-%d %H:%M}, local time of each store, for {who}")
    if found.unpriced:
        console.say(
            f"not sold there at that moment, in {', '.join(found.unpriced)}: no list price was "
            "seen in the 13 weeks before, or the shelf showed it as gone"
        )
    if found.outside:
        console.say(f"that moment lies outside {' and '.join(_spans(found.outside))}")
    for warning in found.warnings:
        console.say(f"warning: {warning.check}: {warning.failed:,} of {warning.rows:,} promotions; "
                    f"{warning.sample}; expected: {warning.rule}")  # fmt: skip


def _spans(outside: Iterable[Span]) -> Iterator[str]:
    """What is known of which days; stores with the same days together."""
    stores: dict[tuple[str, str], list[str]] = {}
    for span in outside:
        days = f"{span.first} to {span.last}"
        stores.setdefault((span.what, days), []).append(span.store_id)
    for what in sorted({what for what, _ in stores}, reverse=True):
        told = [f"{', '.join(ids)}: {days}" for (kind, days), ids in stores.items() if kind == what]
        yield f"the days of the {what} ({'; '.join(told)})"


def _print(frame: pl.DataFrame, form: str | None) -> None:
    if form is None and sys.stdout.isatty():
        _show(frame)
        return
    write_rows(_as_json(frame) if form == "json" else frame.write_csv())


def _as_json(frame: pl.DataFrame) -> str:
    """Money as text: a JSON number would come back as a float."""
    import polars as pl  # noqa: PLC0415

    from channelscope import outputs  # noqa: PLC0415

    return outputs.rows_as_json(frame.with_columns(pl.col(pl.Decimal).cast(pl.String)))


def _show(frame: pl.DataFrame) -> None:
    """A table a store on the terminal."""
    from rich.console import Console as RichConsole  # noqa: PLC0415  only where it is used
    from rich.table import Table  # noqa: PLC0415

    screen = RichConsole()
    for (store, currency), rows in frame.group_by("store_id", "currency", maintain_order=True):
        table = Table(title=f"{store}, {currency}", title_justify="left")
        for head in ("step", "what", "amount", "after it", "funder"):
            table.add_column(head, justify="right" if head in ("amount", "after it") else "left")
        for row in rows.iter_rows(named=True):
            is_total = row["step"] in ("activity", "net", "per_piece")
            table.add_row(*_cells(row), style="bold" if is_total else None)
        screen.print(table)


def _cells(row: dict[str, Any]) -> tuple[str, ...]:
    what = " · ".join(str(row[name]) for name in ("mechanism", "label") if row[name])
    if row["step"] == "list":
        what = f"{row['pieces'].normalize():f} × {row['sku']} {row['label']}"
    if row["cost"] is not None:
        what += f" (cost {row['cost']})"
    share = row["merchant_share"]
    shared = row["funder"] == "shared" and share is not None
    funder = f"shared, merchant {share:.0%}" if shared else row["funder"]
    return (row["step"], what, *(_text(row[name]) for name in ("amount", "running")), funder or "")


def _text(value: Decimal | None) -> str:
    return "" if value is None else f"{value:,}"
