"""What was imported: which exports, how their products were found, and what platforms say."""

from __future__ import annotations

from typing import Any

from channelscope.report.compose.speaker import Speaker
from channelscope.report.context import Table, TableCell
from channelscope.report.numbers import MISSING


def imports(speaker: Speaker) -> tuple[Table, ...]:
    """The tables that have rows; none in a workspace without imports."""
    found = (_exports(speaker), _routes(speaker), _totals(speaker))
    return tuple(table for table in found if table.rows)


def _table(
    speaker: Speaker, name: str, heads: tuple[str, ...], rows: list[list[str]], *, words: int
) -> Table:
    """A table of which the first `words` columns are words, and the rest are numbers."""
    say = speaker.words.text
    return Table(
        caption=say(f"imports.{name}"),
        heads=tuple(
            TableCell(say(f"imports.{head}"), at >= words) for at, head in enumerate(heads)
        ),
        rows=tuple(
            tuple(TableCell(text, at >= words) for at, text in enumerate(row)) for row in rows
        ),
        note=say(f"imports.{name}_note"),
    )


def _rows(speaker: Speaker, table: str) -> list[dict[str, Any]]:
    return speaker.facts.table(table).to_dicts()


def _exports(speaker: Speaker) -> Table:
    words = speaker.words
    rows = [
        [
            words.store(row["store_id"]),
            words.numbers.names(_parts(row["layouts"])),
            _span(speaker, row),
            _left_out(speaker, row["left_out"]),
            _said(speaker, "basis", row["bases"]),
            _said(speaker, "cannot_tell", row["cannot_tell"]),
            words.numbers.plain(row["files"]), words.numbers.plain(row["rows"]),
            _share(speaker, row["unexplained_amount"], row["discount_amount"]),
        ]
        for row in _rows(speaker, "imports")
    ]  # fmt: skip
    heads = ("store", "layouts", "days_held", "left_out", "bases", "cannot_tell", "files", "rows",
             "unexplained")  # fmt: skip
    return _table(speaker, "exports", heads, rows, words=6)


def _routes(speaker: Speaker) -> Table:
    words = speaker.words
    rows = [
        [
            words.store(row["store_id"]), words.named("route", row["route"]),
            words.numbers.plain(row["lines"]), words.numbers.value(row["share"], "rate"),
        ]
        for row in _rows(speaker, "product_routes")
    ]  # fmt: skip
    heads = ("store", "route", "lines", "share")
    return _table(speaker, "routes", heads, rows, words=2)


def _totals(speaker: Speaker) -> Table:
    words = speaker.words
    rows = [
        [
            words.store(row["store_id"]), _span(speaker, row), words.numbers.plain(row["days"]),
            words.numbers.plain(row["platform_amount"], 2),
            words.numbers.plain(row["lines_amount"], 2),
            _share(speaker, row["lines_amount"] - row["platform_amount"], row["platform_amount"]),
        ]
        for row in _rows(speaker, "platform_totals")
    ]  # fmt: skip
    heads = ("store", "days_held", "days", "platform", "order_lines", "apart")
    return _table(speaker, "totals", heads, rows, words=2)


def _parts(cell: str | None) -> list[str]:
    return [part for part in (cell or "").split("+") if part]


def _said(speaker: Speaker, family: str, cell: str | None) -> str:
    """The texts of several words, one after the other."""
    said = [speaker.words.texts.text_or(f"{family}.{part}", part) for part in _parts(cell)]
    return speaker.words.text("imports.between").join(said) or MISSING


def _left_out(speaker: Speaker, cell: str | None) -> str:
    said = []
    for part in _parts(cell):
        reason, _, count = part.rpartition("=")
        text = speaker.words.texts.text_or(f"left_out.{reason}", reason)
        said.append(f"{speaker.words.numbers.plain(int(count))} {text}")
    return speaker.words.text("imports.between").join(said) or MISSING


def _span(speaker: Speaker, row: dict[str, Any]) -> str:
    first, last = row["first_day"], row["last_day"]
    return speaker.words.numbers.span(first, last) if first and last else MISSING


def _share(speaker: Speaker, part: Any, whole: Any) -> str:
    if part is None or not whole:
        return MISSING
    return speaker.words.numbers.value(float(part) / float(whole), "rate")
