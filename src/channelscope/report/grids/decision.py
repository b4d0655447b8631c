"""The grids of the decision report: options, what would change, nearest stores, register, rules."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from channelscope.report.charts.canvas import Row
from channelscope.report.compose.speaker import Speaker, mark
from channelscope.report.context import Grid, GridCell, GridHead, GridRow, Mark
from channelscope.report.decision_words import (
    candidate_name,
    input_name,
    input_span,
    input_value,
    month_range,
)
from channelscope.report.grids.cells import UNKNOWN
from channelscope.report.looks import kind_look
from channelscope.report.numbers import MISSING
from channelscope.report.wording import Wording, plain_name

Cells = Callable[[Row], Sequence[GridCell]]
_RANGES = (("contribution", "money"), ("sales", "money"), ("diverted", "rate"),
           ("losses", "money"))  # fmt: skip


def options(speaker: Speaker, rows: list[Row]) -> Grid:
    """Candidates across, what decides down; the best first."""
    words = speaker.words
    heads = tuple(GridHead("", _mark(row["kind"], candidate_name(row))) for row in rows)
    lines = [GridRow(GridHead(name), cells) for name, cells in _lines(words, rows)]
    known = [line for line in lines if any(cell.text != MISSING for cell in line.cells)]
    return Grid(words.text("figure.options.title"), words.text("grid.options.corner"), heads,
                tuple(known), wraps=True)  # fmt: skip


def _mark(kind: str, text: str) -> Mark:
    return mark(kind_look(kind), text)


def _lines(words: Wording, rows: list[Row]) -> Iterator[tuple[str, tuple[GridCell, ...]]]:
    def line(name: str, cell: Callable[[Row], GridCell]) -> tuple[str, tuple[GridCell, ...]]:
        return words.text(f"option.{name}"), tuple(cell(row) for row in rows)

    yield line("recommendation", lambda row: GridCell(
        words.text(f"recommendation.{row['recommendation'] or 'unknown'}"),
        words.text(f"{row['reason'] or row['outcome_reason']}.short")
        if row["reason"] else words.texts.text_or(str(row["outcome_reason"]), ""),
        "k2" if row["recommendation"] == "open" else "",
    ))  # fmt: skip
    yield line("p_payback", lambda row: GridCell(words.numbers.chance(row["p_payback"])))
    yield line("p_without_losses", lambda row: GridCell(
        words.numbers.chance(row["p_without_losses"])))  # fmt: skip
    for name, unit in _RANGES:
        yield line(name, lambda row, n=name, u=unit: GridCell(  # type: ignore[misc]
            words.numbers.value(row[n], u),
            words.numbers.bounds(row[n], row[f"{n}_lo"], row[f"{n}_hi"], u),
        ))  # fmt: skip
    yield line("payback_month", lambda row: GridCell(
        month_range(words, row) if row["p_payback"] is not None else MISSING))  # fmt: skip
    for name, unit in (
        ("margin", "rate"), ("at_risk", "money"), ("fixed", "money"), ("set_up", "money"),
        ("deposit", "money"), ("break_even_sales", "money"), ("break_even_diversion", "rate"),
        ("needed_margin", "rate"),
    ):  # fmt: skip
        yield line(name, lambda row, n=name, u=unit: _plain(words, row, n, u))  # type: ignore[misc]


def _plain(words: Wording, row: Row, name: str, unit: str) -> GridCell:
    value = row[name]
    if value is None and name == "break_even_sales" and row["p_payback"] is not None:
        return GridCell(words.text("option.none_enough"))
    if value is not None and name == "break_even_diversion" and value <= 0:
        return GridCell(words.text("option.not_even_without"))
    if value is not None and name == "break_even_diversion" and value >= 1:
        return GridCell(words.text("option.whatever_it_takes"))
    return GridCell(words.numbers.value(value, unit))


def _per_candidate(
    speaker: Speaker, rows: list[Row], figure: str, heads: Sequence[str], *,
    name: Callable[[Row], GridHead], cells: Cells,
) -> Grid:  # fmt: skip
    """A table with a heading for each candidate, where there are several."""
    words = speaker.words
    lines: list[GridRow] = []
    ids = list(dict.fromkeys(row["candidate_id"] for row in rows))
    for candidate in ids:
        if len(ids) > 1:
            lines.append(GridRow(GridHead(plain_name(candidate)), ()))
        mine = [row for row in rows if row["candidate_id"] == candidate]
        lines += [GridRow(name(row), tuple(cells(row))) for row in mine]
    return Grid(
        words.text(f"figure.{figure}.title"), words.text(f"grid.{figure}.corner"),
        tuple(GridHead(words.text(f"grid.{figure}.{head}")) for head in heads), tuple(lines),
        wraps=True,
    )  # fmt: skip


def _input_head(words: Wording, row: Row) -> GridHead:
    return GridHead(input_name(words, row["input"], row["store_id"]))


def changes(speaker: Speaker, rows: list[Row]) -> Grid:
    """An input beyond a limit, and the answer it would make."""
    words = speaker.words

    def cells(row: Row) -> Sequence[GridCell]:
        limit = input_value(words, row["limit_value"], row["unit"])
        return (
            GridCell(words.text(f"side.{row['side']}", limit=limit)),
            GridCell(words.numbers.chance(row["p_payback"])),
            GridCell(words.text(f"recommendation.{row['recommendation']}")),
        )

    return _per_candidate(
        speaker,
        rows,
        "changes",
        ("known", "p_payback", "answer"),
        name=lambda row: _input_head(words, row),
        cells=cells,
    )


_DISTANCES = ("distance", "product", "price", "promotion", "service", "place")


def nearest(speaker: Speaker, rows: list[Row]) -> Grid:
    """Stores by weight, with their distances and what they sell of the candidate's goods."""
    numbers = speaker.words.numbers

    def cells(row: Row) -> Sequence[GridCell]:
        names = ("distance", *(f"{name}_distance" for name in _DISTANCES[1:]))
        apart = [row[name] for name in names]
        return (
            GridCell(numbers.value(row["weight"], "percent")),
            *(UNKNOWN if value is None else GridCell(numbers.value(value, "ratio"))
              for value in apart),
            GridCell(numbers.value(row["monthly_sales"], "money")),
        )  # fmt: skip

    def name(row: Row) -> GridHead:
        sign = speaker.store_mark(row["store_id"])
        return GridHead(sign.text, Mark(sign.token, sign.text))

    return _per_candidate(
        speaker, rows, "nearest", ("weight", *_DISTANCES, "sales"), name=name, cells=cells
    )


def assumptions(speaker: Speaker, rows: list[Row]) -> Grid:
    """The register: every input with its range, whose it is, and how good."""
    words = speaker.words

    def cells(row: Row) -> Sequence[GridCell]:
        span = "" if row["low"] == row["high"] else input_span(
            words, row["low"], row["high"], row["unit"]
        )  # fmt: skip
        return (
            GridCell(input_value(words, row["value"], row["unit"]), span),
            GridCell(words.text(f"origin.{row['origin']}"), _source(words, row)),
            GridCell(plain_name(row["owner"]) or MISSING),
            GridCell(row["grade"]),
        )

    return _per_candidate(
        speaker,
        rows,
        "assumptions",
        ("value", "source", "owner", "grade"),
        name=lambda row: _input_head(words, row),
        cells=cells,
    )


def _source(words: Wording, row: Row) -> str:
    source = row["source"] or ""
    said = words.texts.text_or(source, plain_name(source)) if source else ""
    return f"{said}, {row['as_of'].isoformat()}" if row["as_of"] else said


def checkpoints(speaker: Speaker, rows: list[Row]) -> Grid:
    """When to look, at what, and what to do then."""
    words = speaker.words

    def cells(row: Row) -> Sequence[GridCell]:
        limit = input_value(words, row["limit_value"], row["unit"])
        return (
            GridCell(words.text(f"rule.{row['rule']}")),
            GridCell(words.text(f"checkpoint.{row['metric']}.{row['side']}", limit=limit)),
            GridCell(words.numbers.chance(row["p_payback"])
                     if row["p_payback"] is not None else MISSING),
        )  # fmt: skip

    def name(row: Row) -> GridHead:
        return GridHead(words.text("checkpoint.day", day=words.numbers.day(row["look_on"]),
                                   month=str(row["month"])))  # fmt: skip

    return _per_candidate(
        speaker, rows, "checkpoints", ("rule", "when", "p_payback"), name=name, cells=cells
    )
