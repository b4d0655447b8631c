"""The five-dimension matrix and the store cards."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby

from channelscope.domain import Outcome, Redacted
from channelscope.report import headings
from channelscope.report.charts.canvas import Row
from channelscope.report.compose.measures import outcome_text
from channelscope.report.compose.speaker import Speaker
from channelscope.report.context import (
    Card,
    CardNumber,
    Cards,
    ColumnGroup,
    ColumnHead,
    Matrix,
    MatrixCell,
    MatrixRow,
)
from channelscope.report.facts import SMALL_BASE, is_shaded, is_small
from channelscope.report.wording import plain_name

MATRIX, CARDS = "five_dimensions", "store_cards"


def matrix(speaker: Speaker) -> Matrix | None:
    """One row per store, one column per shown metric that at least one store has."""
    rows = speaker.facts.rows(MATRIX)
    columns = _columns(rows)
    if not columns:
        return None
    words = speaker.words
    found = {(row["store_id"], row["metric"]): row for row in rows}
    stores = dict.fromkeys(row["store_id"] for row in rows)
    message = headings.of_section("matrix", speaker.facts)
    title = speaker.heading(message) if message else words.text("matrix.name")
    return Matrix(
        title=title,
        lede=_lede(speaker, rows, columns),
        groups=_groups(speaker, columns),
        heads=_heads(speaker, columns),
        rows=tuple(
            MatrixRow(
                speaker.store_mark(store),
                store == speaker.facts.reference_id,
                tuple(
                    _cell(speaker, found.get((store, column["metric"])), css)
                    for column, css in zip(columns, _edges(columns), strict=True)
                ),
            )
            for store in stores
        ),
        source=speaker.query_link(MATRIX),
    )


def _lede(speaker: Speaker, rows: list[Row], columns: list[Row]) -> str:
    """What shading means, and which measures are shown and not tested."""
    words = speaker.words
    said = [words.text("matrix.lede", reference=speaker.reference, n=str(SMALL_BASE))]
    tested = {row["metric"] for row in rows if row["outcome"] is not None}
    names = [words.metric(c["metric"], "short") for c in columns if c["metric"] not in tested]
    if names and tested:
        said.append(words.text("matrix.untested", names=words.numbers.names(names)))
    return words.sentences(said)


def _columns(rows: list[Row]) -> list[Row]:
    """The metrics somebody has a value for, grouped by dimension in order of appearance."""
    known = {row["metric"] for row in rows if row["value"] is not None}
    first: dict[str, Row] = {}
    for row in rows:
        if row["metric"] in known:
            first.setdefault(row["metric"], row)
    dimensions = list(dict.fromkeys(row["dimension"] for row in first.values()))
    return sorted(first.values(), key=lambda row: dimensions.index(row["dimension"]))


def _groups(speaker: Speaker, columns: list[Row]) -> tuple[ColumnGroup, ...]:
    return tuple(
        ColumnGroup(speaker.words.named("dimension", name), len(list(group)))
        for name, group in groupby(columns, key=lambda row: row["dimension"])
    )


def _edges(columns: list[Row]) -> Iterable[str]:
    """A rule on the left of each group's first column."""
    before = None
    for column in columns:
        yield "g" if column["dimension"] != before else ""
        before = column["dimension"]


def _heads(speaker: Speaker, columns: list[Row]) -> tuple[ColumnHead, ...]:
    words = speaker.words
    return tuple(
        ColumnHead(
            words.metric(column["metric"], "short"),
            words.text("matrix.sort", name=words.metric(column["metric"])),
            css,
        )
        for column, css in zip(columns, _edges(columns), strict=True)
    )


def _cell(speaker: Speaker, row: Row | None, edge: str) -> MatrixCell:
    if row is None:
        return MatrixCell(speaker.words.numbers.value(None, "count"), edge, "", "")
    words = speaker.words
    shade = f"k{row['step']}" if is_shaded(row) else ""
    css = " ".join(part for part in (edge, shade, "few" if is_small(row) else "") if part)
    text = words.numbers.value(row["value"], row["unit"])
    sort = "" if row["value"] is None else f"{row['value']:.12g}"
    return MatrixCell(text, css, sort, _tip(speaker, row))


def _tip(speaker: Speaker, row: Row) -> str:
    words = speaker.words
    name = words.metric(row["metric"])
    if row["value"] is None:
        reason = _reason(speaker, row["outcome_reason"])
        return words.text("matrix.tip_no_n", name=name, value=reason) if reason else name
    value = words.numbers.interval(row["value"], row["lo"], row["hi"], row["unit"])
    if row["n"] is None:
        said = words.text("matrix.tip_no_n", name=name, value=value)
    else:
        said = words.text("matrix.tip", name=name, value=value, n=words.numbers.plain(row["n"]))
    if row["outcome"] is None:
        return said
    return words.text("matrix.tip_outcome", text=said, outcome=_outcome(speaker, row))


def _outcome(speaker: Speaker, row: Row) -> str:
    """What may be said against the reference; what would have been seen, or why nothing can be."""
    if row["outcome"] == Outcome.NOT_IDENTIFIABLE:
        said = speaker.words.named("outcome", row["outcome"])
        reason = _reason(speaker, row["outcome_reason"])
        if not reason:
            return said
        return speaker.words.text("matrix.tip_no_n", name=said, value=reason)
    return outcome_text(speaker, row["outcome"], row["detectable"], row["unit"])


def _reason(speaker: Speaker, key: str | None) -> str:
    return speaker.words.texts.text_or(key, key) if key else ""


def cards(speaker: Speaker) -> Cards | None:
    """One card per store in report order."""
    rows = speaker.facts.rows(CARDS)
    if not rows:
        return None
    words = speaker.words
    by_store = groupby(rows, key=lambda row: row["store_id"])
    return Cards(
        lede=words.text("cards.lede", reference=speaker.reference),
        how_text=words.text("cards.how_text", reference=speaker.reference),
        cards=tuple(_card(speaker, store, list(group)) for store, group in by_store),
        source=speaker.query_link(CARDS),
    )


def _card(speaker: Speaker, store: str, rows: list[Row]) -> Card:
    words = speaker.words
    look, group = words.looks[store], words.is_group(store)
    # A neutral name is the id once more.
    unnamed = group or Redacted.STORES in speaker.facts.results.scope.redacted
    return Card(
        mark=speaker.store_mark(store),
        name="" if unnamed else plain_name(look.name),
        kind="" if group else words.kind_and_platform(look),
        role=words.sentences([_role(speaker, store), *_roles(speaker, store)]),
        numbers=tuple(_number(speaker, store, row) for row in rows),
    )


def _number(speaker: Speaker, store: str, row: Row) -> CardNumber:
    words = speaker.words
    change = row["change"]
    if store == speaker.facts.reference_id:
        shown = ""
    elif row["unit"] == "money" and change is not None:
        shown = _signed_share(speaker, change)
    else:
        shown = words.numbers.change(change, row["unit"], tight=True)
    value = words.numbers.value(row["value"], row["unit"])
    tip = ""
    if shown and row["outcome"]:
        tip = words.text("cards.change_tip", text=shown, reference=speaker.reference,
                         outcome=words.named("outcome", row["outcome"]))  # fmt: skip
    sure = speaker.facts.side(row["metric"], store) in (-1, 1) and not is_small(row)
    return CardNumber(words.metric(row["metric"], "short"), value, shown, "sure" * sure, tip)


def _signed_share(speaker: Speaker, change: float) -> str:
    text = speaker.words.numbers.value(change, "percent")
    return text if change < 0 or text == "0%" else f"+{text}"


def _role(speaker: Speaker, store: str) -> str:
    """The two measures on which the store stands furthest apart, or that there is none."""
    words = speaker.words
    if store == speaker.facts.reference_id:
        return words.text("cards.role_reference")
    mine = [row for row in speaker.facts.rows(MATRIX) if row["store_id"] == store]
    apart = [row for row in mine if is_shaded(row)]
    apart.sort(key=lambda row: -row["step"])
    if len(apart) >= 2:
        params = {"metric": apart[0]["metric"], "metric_second": apart[1]["metric"]}
        return words.message("cards.role_two", params)
    if apart:
        return words.message("cards.role_one", {"metric": apart[0]["metric"]})
    compared = [row for row in mine if row["apart"] is not None]
    if compared and all(is_small(row) for row in compared):
        return words.text("cards.role_few", n=str(SMALL_BASE))
    if not compared:
        reasons = [row["outcome_reason"] for row in mine if row["outcome_reason"]]
        if reasons:
            return words.text("cards.role_unknown", reason=_reason(speaker, reasons[0]))
    return words.message("cards.role_same", {"reference": speaker.facts.reference_id})


def _roles(speaker: Speaker, store: str) -> list[str]:
    """What the brand declares the store to be, beside what it is observed to be."""
    table, words = speaker.facts.table("roles"), speaker.words
    mine = [row for row in table.to_dicts() if row["store_id"] == store]
    names = {
        part: words.numbers.names([words.named("role", row["role"]) for row in mine if row[part]])
        for part in ("declared", "observed")
        if any(row[part] for row in mine)
    }
    key = "both" if len(names) == 2 else next(iter(names), "")
    return [words.text(f"cards.roles_{key}", **names)] if key else []
