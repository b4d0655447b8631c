"""F4.1, F4.5: why is this store's, or this year's, amount of sales another? Waterfalls."""

from __future__ import annotations

from collections.abc import Callable
from itertools import chain

import polars as pl

from channelscope.report.charts.canvas import (
    SMALL,
    Canvas,
    Row,
    labels,
    padding,
    records,
    spec,
    store_axis,
    store_order,
)
from channelscope.report.review_words import base_name
from channelscope.report.svg import Spec
from channelscope.report.wording import Wording, is_store_event
from channelscope.spans import is_year_before

_ROW = 18
_GAP = 28
_NARROW_ROW, _LABEL, _BAR = 32, 13, 13
"""On a phone a bar's name stands above it, so that the bar has the whole width."""
_SMALL, _SMALL_OF_MANY = 0.01, 0.025
"""Bars below this part of the larger end are drawn as one: on a phone, where many stores stand one
below the other, from the larger part on."""


def sales_waterfall(frame: pl.DataFrame, canvas: Canvas) -> Spec:
    """From the reference's sales, factor by factor, to the store's; one scale for all stores."""
    rows = [row for row in records(frame) if row["effect"] is not None]
    stores = [store for store in store_order(frame) if any(r["store_id"] == store for r in rows)]
    return _drawn(
        [_of_store([r for r in rows if r["store_id"] == store], canvas) for store in stores], canvas
    )


def year_waterfall(frame: pl.DataFrame, canvas: Canvas) -> Spec:
    """From the sales of all stores a year before, factor by factor, to those of the period."""
    rows = records(frame)
    year = is_year_before(rows[0]["from_period"], rows[0]["to_period"])
    start = "chart.year_before" if year else "chart.before"
    ends = [canvas.phrases.say(_written(key)) for key in (start, "chart.period")]
    bars = _bars("all", rows, ends, (rows[0]["from_sales"], rows[0]["to_sales"]), canvas)
    return _drawn([bars], canvas)


def total_bridge(frame: pl.DataFrame, canvas: Canvas) -> Spec:
    """From the sales of all stores in the base of a review to those of the period."""
    rows = records(frame)
    start = canvas.phrases.say(lambda w: base_name(w, rows[0]["base"]))
    ends = [start, canvas.phrases.text("chart.period")]
    bars = _bars("all", rows, ends, (rows[0]["from_sales"], rows[0]["to_sales"]), canvas,
                 whole=is_store_event)  # fmt: skip
    return _drawn([bars], canvas)


def _drawn(blocks: list[list[Row]], canvas: Canvas) -> Spec:
    columns = 1 if canvas.narrow or len(blocks) == 1 else 2
    tall = -(-len(blocks) // columns)
    split = [blocks[at * tall : (at + 1) * tall] for at in range(columns)]
    bars = [bar for block in blocks for bar in block if "start" in bar]
    left = 0 if canvas.narrow else canvas.widest(bar["label"] for bar in bars) + 12
    width = (canvas.width - (columns - 1) * _GAP) / columns - left
    room = canvas.widest((bar["text"] for bar in bars), SMALL) + 8
    high = max(max(bar["start"], bar["end"]) for bar in bars)
    low = min(0.0, *(min(bar["start"], bar["end"]) for bar in bars))
    domain = [low, high + (high - low) * room / (width - room)]
    return spec(
        size=(canvas.width, _row(canvas) * max(sum(map(len, part)) for part in split) + 6),
        padding=padding(left, 2, top=2, bottom=4),
        spacing=_GAP + left,
        bounds="flush",
        hconcat=[
            _column(list(chain.from_iterable(part)), width, left, domain, canvas)
            for part in split
            if part
        ],
    )


def _row(canvas: Canvas) -> int:
    return _NARROW_ROW if canvas.narrow else _ROW


def _of_store(rows: list[Row], canvas: Canvas) -> list[Row]:
    """A store's rows: a heading, the reference's sales, the factors, the store's sales."""
    first = rows[0]
    say = canvas.phrases.say
    ends = [say(_called(first[end])) for end in ("reference_id", "store_id")]
    store = first["store_id"]
    money = (first["reference_sales"], first["store_sales"])
    block: list[Row] = [
        {"row": f"{store}|gap", "heading": ""},
        {"row": f"{store}|heading", "heading": canvas.label(store)},
        *_bars(store, rows, ends, money, canvas, least=_SMALL_OF_MANY if canvas.narrow else _SMALL),
    ]
    return block[1:] if canvas.narrow else block


def _written(key: str) -> Callable[[Wording], str]:
    return lambda words: words.text(key)


def _called(store: str) -> Callable[[Wording], str]:
    return lambda words: words.store(store)


def _bars(
    key: str, rows: list[Row], ends: list[str], money: tuple[float, float], canvas: Canvas,
    *, least: float = _SMALL, whole: Callable[[str], bool] = lambda _: False,
) -> list[Row]:  # fmt: skip
    """What stands at the start, every factor from there, and what stands at the end.

    `whole`: the factors that keep a bar of their own, however small.
    """
    start = money[0]
    bars = [_total(f"{key}|from", ends[0], start, canvas)]
    small = [row for row in rows if abs(row["effect"]) < least * max(map(abs, money))
             and not whole(row["factor"])]  # fmt: skip
    joined = small if len(small) > 1 else []
    for row in (row for row in rows if row not in joined):
        bars.append(_effect(key, row, start, canvas))
        start += row["effect"]
    if joined:
        bars.append(_smaller(key, joined, start, canvas))
    return [*bars, _total(f"{key}|to", ends[1], money[1], canvas)]


def _total(key: str, label: str, amount: float, canvas: Canvas) -> Row:
    text = canvas.value(amount, "money")
    return {"row": key, "label": label, "start": 0.0, "end": amount, "far": amount,
            "fill": "var(--ac)", "text": text, "tip": f"{label}: {text}"}  # fmt: skip


def _smaller(key: str, rows: list[Row], start: float, canvas: Canvas) -> Row:
    """The bars too small to be seen, as one; its tip and the data table name them."""
    effect = sum(row["effect"] for row in rows)
    text = canvas.phrases.say(lambda w: w.numbers.change(effect, "money"))
    label = canvas.phrases.say(lambda w: w.text("chart.smaller_factors"))
    parts = [_effect(key, row, start, canvas) for row in rows]
    names = "; ".join(f"{part['label']} {part['text']}" for part in parts)
    return {
        "row": f"{key}|smaller", "label": label, "start": start, "end": start + effect,
        "far": max(start, start + effect), "text": text,
        "fill": "var(--pos)" if effect >= 0 else "var(--neg)", "tip": f"{label}: {names}",
    }  # fmt: skip


def _effect(key: str, row: Row, start: float, canvas: Canvas) -> Row:
    effect = row["effect"]
    label = canvas.phrases.say(lambda w: w.named("factor", row["factor"]))
    text = canvas.phrases.say(lambda w: w.numbers.change(effect, "money"))
    bounds = canvas.phrases.say(lambda w: w.numbers.bounds(effect, row["lo"], row["hi"], "money"))
    whose = f"{canvas.label(key)} · " if "store_id" in row else ""
    return {
        "row": f"{key}|{row['factor']}", "label": label, "start": start,
        "end": start + effect, "far": max(start, start + effect), "text": text,
        "fill": "var(--pos)" if effect >= 0 else "var(--neg)",
        "tip": f"{whose}{label}: {text} {bounds}".strip(),
    }  # fmt: skip


def _column(rows: list[Row], width: float, left: int, domain: list[float], canvas: Canvas) -> Row:
    keys = [row["row"] for row in rows]
    bars = [row for row in rows if "start" in row]
    x: Row = {"type": "quantitative", "axis": None, "scale": {"domain": domain, "nice": False}}
    y = store_axis(keys, canvas)
    headings = [row for row in rows if row.get("heading")]
    # Above its bar a name stands at the left end, and the bar lower in its row.
    down = (_NARROW_ROW - _BAR) / 2 if canvas.narrow else 0
    named: Row = {"x": 0, "align": "left", "dy": down - _LABEL} if canvas.narrow else {"x": -8}
    heading_down = down if canvas.narrow else 0
    return {
        "width": width,
        "height": _row(canvas) * len(keys),
        "layer": [
            {"data": {"values": bars}, "mark": _mark(canvas, down),
             "encoding": {"x": {"field": "start", **x}, "x2": {"field": "end"}, "y": y,
                          "fill": {"field": "fill", "type": "nominal", "scale": None},
                          "description": {"field": "tip"}}},
            {"data": {"values": bars},
             "mark": {"type": "text", "align": "left", "baseline": "middle", "dx": 5, "dy": down,
                      "fontSize": SMALL},
             "encoding": {"x": {"field": "far", **x}, "y": y, "text": {"field": "text"}}},
            labels(bars, y, color="var(--ink2)", **named),
            labels(headings, y, x=-left + 2 * (left > 0), field="heading", align="left",
                   fontWeight="bold", dy=heading_down),
        ],
    }  # fmt: skip


def _mark(canvas: Canvas, down: float) -> Row:
    if not canvas.narrow:
        return {"type": "bar", "height": {"band": 0.78}}
    return {"type": "bar", "height": _BAR, "yOffset": down}
