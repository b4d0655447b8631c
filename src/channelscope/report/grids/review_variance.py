"""The grids of a review on sales: variance by store, and what each store's change is due to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from channelscope.report.charts.canvas import Row
from channelscope.report.compose.speaker import Speaker
from channelscope.report.context import Grid, GridCell, GridHead, GridRow, Mark
from channelscope.report.facts import is_sure
from channelscope.report.grids.cells import UNKNOWN
from channelscope.report.numbers import MISSING
from channelscope.report.review_facts import ALL, BASES, SALES, TOTALS, is_clear
from channelscope.report.review_words import (
    arrow,
    base_name,
    change,
    in_unit,
    is_good,
    relative_bounds,
    signed,
    status,
    store_name,
)

DRIVERS = ("orders", "visitor_days", "conversion", "order_value", "refund_share")
_LEADING = ("aligned", "year_before", "against", "previous")
USUAL = (None, "traded")
_JOINED = {"mechanism": "promotions", "opened": "events", "closed": "events"}
"""Bars that share a column: those of mechanisms, and those of what opened or closed."""


def variance_table(speaker: Speaker, rows: list[Row]) -> Grid:
    """Sales against every base; below, what drives them against the base that matters most."""
    words = speaker.words
    sales = [row for row in rows if row["metric"] == SALES]
    bases = [base for base in BASES if any(
        row["base"] == base and row["relative"] is not None for row in sales
    )]  # fmt: skip
    found = {(row["store_id"], row["base"]): row for row in sales}
    width = 1 + len(bases)
    lines = [
        GridRow(_head(speaker, mine), (_actual(speaker, mine), *(
            _against(speaker, found.get((mine["store_id"], base))) for base in bases
        )))
        for mine in _firsts(sales)
    ]  # fmt: skip
    drivers = [metric for metric in DRIVERS if any(row["metric"] == metric for row in rows)]
    width = max(width, len(drivers))
    lines += _drivers(speaker, rows, drivers, width)
    names = (words.text("base.now"), *(base_name(words, base) for base in bases))
    heads = [GridHead(name) for name in (*names, *[""] * (width - len(names)))]
    lines = [GridRow(line.head, _filled(line.cells, width)) for line in lines]
    return Grid(words.text("figure.variance_table.title"), words.metric(SALES), tuple(heads),
                tuple(lines), wraps=True)  # fmt: skip


def _filled(cells: Sequence[GridCell], width: int) -> tuple[GridCell, ...]:
    return (*cells, *[GridCell("")] * (width - len(cells))) if cells else ()


def _firsts(rows: Iterable[Row]) -> list[Row]:
    """One row for each store, the one that tells most of its status; of a total that of the base
    that matters most: other bases may hold other stores."""
    found: dict[str, Row] = {}
    for row in rows:
        held = found.setdefault(row["store_id"], row)
        leads = row["store_id"] in TOTALS and row["is_leading"]
        if leads or (held["status"] in USUAL and row["status"] not in USUAL):
            found[row["store_id"]] = row
    return list(found.values())


def _head(speaker: Speaker, row: Row) -> GridHead:
    """A store with what to know of it; a total with how many stores it holds."""
    words, store = speaker.words, row["store_id"]
    if store in TOTALS:
        return GridHead(_total_name(speaker, row))
    return store_head(speaker, store, status(words, row))


def _total_name(speaker: Speaker, row: Row) -> str:
    """Those that traded throughout are other ones for each base: the note names them."""
    ids = row["stores"].split("+") if row["stores"] and row["store_id"] == ALL else []
    name = store_name(speaker.words, row["store_id"])
    return speaker.words.message("review.total", {"name": name, "n": len(ids)}) if ids else name


def store_head(speaker: Speaker, store: str, detail: str = "") -> GridHead:
    """A store by its sign, with small print; a total by its name."""
    if store in TOTALS or store not in speaker.words.looks:
        return GridHead(store_name(speaker.words, store))
    sign = speaker.store_mark(store)
    return GridHead(sign.text, Mark(sign.token, sign.text, detail))


def _actual(speaker: Speaker, row: Row) -> GridCell:
    words = speaker.words
    if row["actual"] is None:
        return UNKNOWN
    expected = ""
    if row["developed"] is not None:
        expected = words.text("review.developed", money=in_unit(words, row["developed"], "money"))
    return GridCell(in_unit(words, row["actual"], row["unit"]), tip=expected)


def _against(speaker: Speaker, row: Row | None) -> GridCell:
    words = speaker.words
    if row is None:
        return UNKNOWN
    if row["relative"] is None:
        reason = row["outcome_reason"]
        return GridCell(MISSING, css="few", tip=words.texts.text_or(reason, reason or ""))
    tip = words.text(
        "review.tip", change=words.numbers.change(row["change"], row["unit"]),
        base=base_name(words, row["base"]), value=in_unit(words, row["baseline"], row["unit"]),
    )  # fmt: skip
    said = signed(words, row["relative"])
    if row["base"] == "plan":
        return GridCell(said, tip=tip)
    return GridCell(_marked(row, said), relative_bounds(words, row), _css(row), tip)


def _marked(row: Row, said: str) -> str:
    return arrow(row["change"]) + said if is_clear(row) else said


def _css(row: Row) -> str:
    """Coloured only where the change is shown to be one."""
    if not is_clear(row):
        return "few"
    return {True: "good", False: "bad", None: ""}[is_good(row)]


def _drivers(speaker: Speaker, rows: list[Row], drivers: list[str], width: int) -> list[GridRow]:
    """The second block: metrics across, against the first base of which all stores know one."""
    words = speaker.words
    mine = [row for row in rows if row["metric"] in drivers]
    base = next((b for b in _LEADING if any(
        row["base"] == b and row["store_id"] == ALL and row["change"] is not None for row in mine
    )), None)  # fmt: skip
    if base is None:
        return []
    found = {(row["store_id"], row["metric"]): row for row in mine if row["base"] == base}
    stores = dict.fromkeys(store for store, _ in found)
    heads = [GridCell(words.metric(metric), css="head") for metric in drivers]
    title = words.text("grid.variance_table.drivers", base=base_name(words, base))
    return [
        GridRow(GridHead(title), _filled(heads, width)),
        *(GridRow(store_head(speaker, store), tuple(
            _driver(speaker, found.get((store, metric))) for metric in drivers
        )) for store in stores),
    ]  # fmt: skip


def _driver(speaker: Speaker, row: Row | None) -> GridCell:
    words = speaker.words
    if row is None or row["change"] is None:
        reason = row["outcome_reason"] if row else None
        return GridCell(MISSING, css="few", tip=words.texts.text_or(reason or "", reason or ""))
    now = in_unit(words, row["actual"], row["unit"])
    tip = f"{now} · {base_name(words, row['base'])} {in_unit(words, row['baseline'], row['unit'])}"
    return GridCell(_marked(row, change(words, row)), now, _css(row), tip)


def store_bridges(speaker: Speaker, rows: list[Row]) -> Grid:
    """Stores down, factors across, the whole change first: every row adds up to it."""
    words = speaker.words
    columns = list(dict.fromkeys(column_of(row["factor"]) for row in _in_order(rows)))
    lines = [
        GridRow(store_head(speaker, store), tuple(
            _effects(speaker, [row for row in rows if row["store_id"] == store], column)
            for column in (None, *columns)
        ))
        for store in dict.fromkeys(row["store_id"] for row in rows)
    ]  # fmt: skip
    heads = [words.text("grid.store_bridges.change")]
    heads += [_column_name(speaker, column) for column in columns]
    return Grid(words.text("figure.store_bridges.title"), words.text("column.store_id"),
                tuple(GridHead(name) for name in heads), tuple(lines), wraps=True)  # fmt: skip


def _in_order(rows: list[Row]) -> list[Row]:
    """Stores that opened or closed last: they are facts, the others estimates."""
    return sorted(rows, key=lambda row: (column_of(row["factor"]) == "events", row["position"]))


def column_of(factor: str) -> str:
    """The column of a bar."""
    return _JOINED.get(factor.partition(":")[0], factor) if ":" in factor else factor


def _column_name(speaker: Speaker, column: str) -> str:
    key = f"grid.store_bridges.{column}"
    return speaker.words.texts.text_or(key, speaker.words.named("factor", column))


def _effects(speaker: Speaker, rows: list[Row], column: str | None) -> GridCell:
    mine = [row for row in rows if column is None or column_of(row["factor"]) == column]
    if not mine:
        return GridCell("")
    effect = sum(row["effect"] for row in mine)
    said = speaker.words.numbers.change(effect, "money")
    if column is None:
        return GridCell(said, css="ref")
    if len(mine) > 1:
        return GridCell(said, tip="; ".join(_named(speaker, row) for row in mine))
    css = ("good" if effect > 0 else "bad") if is_sure(mine[0]) else "few"
    bounds = speaker.words.numbers.bounds(effect, mine[0]["lo"], mine[0]["hi"], "money")
    return GridCell(said, css="" if column == "events" else css,
                    tip=" ".join([_named(speaker, mine[0]), bounds]).strip())  # fmt: skip


def _named(speaker: Speaker, row: Row) -> str:
    name = speaker.words.named("factor", row["factor"])
    return f"{name} {speaker.words.numbers.change(row['effect'], 'money')}"
