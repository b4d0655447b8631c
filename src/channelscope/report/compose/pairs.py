"""What every two stores are to one another: the matrix of verdicts, the heatmap, the map."""

from __future__ import annotations

from collections.abc import Mapping

from channelscope.domain import Outcome
from channelscope.registry import DISTANCE_DELTA
from channelscope.report import headings
from channelscope.report.charts.canvas import Row
from channelscope.report.compose import figures, tables
from channelscope.report.compose.figures import Drawings
from channelscope.report.compose.speaker import Speaker
from channelscope.report.context import (
    Mark,
    PairCell,
    PairLine,
    PairMatrix,
    PairRow,
    Pairs,
    Swatch,
    Table,
    TableCell,
)
from channelscope.report.facts import is_small
from channelscope.report.numbers import MISSING, NBSP
from channelscope.verdict_rules import CLAIMS

VERDICTS, CHARTED = "pair_verdicts", ("similarity", "store_map")
_SIGNS = {
    Outcome.DIFFERS: "≠", Outcome.SAME: "=", Outcome.UNCLEAR: "?",
    Outcome.NOT_IDENTIFIABLE: MISSING,
}  # fmt: skip
_TOKENS = {"price_clash": "warnbg", "twins": "q3", "mechanism_split": "q2", "complements": "q1"}
_BLANK = PairCell("", "none", "", ())
Pair = frozenset[str]


def pairs(speaker: Speaker, drawings: Drawings, at: int) -> Pairs | None:
    """Everything on pairs of stores that this run has."""
    found = speaker.facts.figures
    charted = [found[name] for name in CHARTED if name in found]
    if VERDICTS not in found and not charted:
        return None
    words = speaker.words
    message = headings.of_figure(VERDICTS, speaker.facts)
    return Pairs(
        title=speaker.heading(message) if message else words.text(f"figure.{VERDICTS}.title"),
        lede=words.text("pairs.lede", delta=_smallest(speaker)),
        matrix=_matrix(speaker) if VERDICTS in found else None,
        figures=tuple(figures.figure(speaker, drawings, at, data) for data in charted),
    )


def _smallest(speaker: Speaker) -> str:
    """The smallest distance that matters: one number, or one for each dimension."""
    words, rows = speaker.words, speaker.facts.rows(VERDICTS)
    delta = speaker.facts.results.scope.delta
    sizes = {
        row["dimension"]: words.numbers.plain(delta.get(row["dimension"], DISTANCE_DELTA), 2)
        for row in rows
    }
    if len(set(sizes.values())) == 1:
        return next(iter(sizes.values()))
    named = [f"{words.named('dimension', name)} {size}" for name, size in sizes.items()]
    return words.numbers.names(named)


def _matrix(speaker: Speaker) -> PairMatrix:
    words, data = speaker.words, speaker.facts.figures[VERDICTS]
    by_pair = _by_pair(speaker.facts.rows(VERDICTS))
    shown = {store for pair, rows in by_pair.items() if rows[0]["is_shown"] for store in pair}
    stores = [store for store in speaker.facts.results.scope.store_ids if store in shown]
    signs = {store: speaker.store_mark(store) for store in stores}
    # The id alone: with the platform beside it the first column would push the last out of sight.
    marks = {store: Mark(sign.token, sign.text) for store, sign in signs.items()}
    return PairMatrix(
        number=data.figure.figure_id,
        heads=tuple(marks.values()),
        rows=tuple(
            PairRow(marks[one], tuple(_cell(speaker, by_pair, one, other) for other in stores))
            for one in stores
        ),
        swatches=tuple(
            Swatch(_TOKENS[verdict], words.text(f"verdict.{verdict}"), "box") for verdict in CLAIMS
        ),
        note=_note(speaker),
        source=speaker.query_link(VERDICTS),
        table=_table(speaker, by_pair),
        table_label=words.text("figure.table_label", figure=data.figure.figure_id),
    )


def _note(speaker: Speaker) -> str:
    words, said = speaker.words, figures.left_out(speaker, speaker.facts.figures[VERDICTS])
    return words.sentences([*said, words.text("pairs.left_table")]) if said else ""


def _by_pair(rows: list[Row]) -> dict[Pair, list[Row]]:
    found: dict[Pair, list[Row]] = {}
    for row in rows:
        found.setdefault(frozenset((row["store_a"], row["store_b"])), []).append(row)
    return found


def _cell(speaker: Speaker, by_pair: Mapping[Pair, list[Row]], one: str, other: str) -> PairCell:
    rows = by_pair.get(frozenset((one, other)))
    if one == other or rows is None:
        return _BLANK
    verdict = rows[0]["verdict"] or "unclear"
    return PairCell(
        text=speaker.words.texts.text_or(f"verdict.{verdict}.short", verdict),
        css=f"v-{verdict}",
        tip=_tip(speaker, rows[0], one, other),
        lines=tuple(_line(speaker, row) for row in rows),
    )


def _line(speaker: Speaker, row: Row) -> PairLine:
    words = speaker.words
    name = words.texts.text_or(f"dimension.{row['dimension']}.short", row["dimension"])
    distance = "" if row["distance"] is None else words.numbers.plain(row["distance"], 2)
    # The cases of a price are products: a handful is enough for a gap that all of them share.
    small = row["dimension"] != "price" and is_small(row)
    sure = row["outcome"] == Outcome.DIFFERS and not small
    return PairLine(f"{name} {_sign(row)} {distance}".rstrip(), "sure" if sure else "")


def _sign(row: Row) -> str:
    return _SIGNS.get(row["outcome"], MISSING)


def _tip(speaker: Speaker, row: Row, one: str, other: str) -> str:
    words = speaker.words
    verdict = words.named("verdict", row["verdict"] or "unclear")
    said = words.text(
        "pairs.tip", store_a=words.store(one), store_b=words.store(other), verdict=verdict,
        reason=_why(speaker, row),
    )  # fmt: skip
    return said.strip()


def _why(speaker: Speaker, row: Row) -> str:
    """The reason of a verdict, what it rests on, and what could not be told."""
    words = speaker.words
    reason = row["reason"] or "verdict.unclear.reason"
    said = [words.texts.text_or(reason, reason)]
    for part in ("evidence", "missing"):
        names = [_named(speaker, word) for word in (row[part] or "").split(",") if word]
        if names:
            said.append(words.text(f"pairs.{part}", **{part: words.numbers.names(names)}))
    return words.sentences(said)


def _named(speaker: Speaker, word: str) -> str:
    """A dimension, a metric, or another piece of evidence in words."""
    for family in ("dimension", "evidence"):
        if f"{family}.{word}" in speaker.words.texts:
            return speaker.words.text(f"{family}.{word}")
    return speaker.words.metric(word)


def _table(speaker: Speaker, by_pair: Mapping[Pair, list[Row]]) -> Table:
    """One row per pair, those with a verdict first: what the tooltips say, and the intervals."""
    words, data = speaker.words, speaker.facts.figures[VERDICTS]
    dimensions = list(dict.fromkeys(row["dimension"] for rows in by_pair.values() for row in rows))
    shown = list(by_pair.values())[: tables.MOST_ROWS]
    heads = [words.text(f"column.{name}") for name in ("store_a", "store_b", "verdict")]
    heads += [words.text("pairs.why"), *(words.named("dimension", name) for name in dimensions)]
    note = ""
    if len(shown) < len(by_pair):
        limit = words.numbers.plain(tables.MOST_ROWS)
        note = words.text("figure.rows_left", n=limit, query=data.figure.query)
    return Table(
        caption=words.text("pairs.caption", figure=data.figure.figure_id),
        heads=tuple(TableCell(head, False) for head in heads),
        rows=tuple(_table_row(speaker, rows, dimensions) for rows in shown),
        note=note,
    )


def _table_row(speaker: Speaker, rows: list[Row], dimensions: list[str]) -> tuple[TableCell, ...]:
    words, first = speaker.words, rows[0]
    told = {row["dimension"]: row for row in rows}
    texts = [
        words.store(first["store_a"]), words.store(first["store_b"]),
        words.named("verdict", first["verdict"] or "unclear"), _why(speaker, first),
    ]  # fmt: skip
    return (
        *(TableCell(text, False) for text in texts),
        *(_told(speaker, told.get(name)) for name in dimensions),
    )


def _told(speaker: Speaker, row: Row | None) -> TableCell:
    """`≠ 0.23 [0.18, 0.28], n = 310`, or why it cannot be told."""
    if row is None:
        return TableCell(MISSING, False)
    words = speaker.words
    if row["distance"] is None:
        outcome, reason = words.named("outcome", row["outcome"]), row["outcome_reason"]
        said = words.texts.text_or(reason, reason) if reason else ""
        both = words.text("matrix.tip_no_n", name=outcome, value=said)
        return TableCell(both if said else outcome, False)
    value = words.numbers.interval(row["distance"], row["lo"], row["hi"], "ratio")
    cases = "" if row["n"] is None else f", n{NBSP}={NBSP}{words.numbers.plain(row['n'])}"
    return TableCell(f"{_sign(row)}{NBSP}{value}{cases}", False)
