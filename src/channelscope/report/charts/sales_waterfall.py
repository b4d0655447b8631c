"""F4.1: why does a store sell more or less than the reference? One small waterfall per store."""

from __future__ import annotations

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
from channelscope.report.svg import Spec

_ROW = 18
_GAP = 28


def sales_waterfall(frame: pl.DataFrame, canvas: Canvas) -> Spec:
    """From the reference's sales, factor by factor, to the store's; one scale for all stores."""
    rows = [row for row in records(frame) if row["effect"] is not None]
    stores = [store for store in store_order(frame) if any(r["store_id"] == store for r in rows)]
    blocks = [_block([r for r in rows if r["store_id"] == store], canvas) for store in stores]
    columns = 1 if canvas.narrow else 2
    tall = -(-len(blocks) // columns)
    split = [blocks[at * tall : (at + 1) * tall] for at in range(columns)]
    bars = [bar for block in blocks for bar in block if "start" in bar]
    left = canvas.widest(bar["label"] for bar in bars) + 12
    width = (canvas.width - (columns - 1) * _GAP) / columns - left
    room = canvas.widest((bar["text"] for bar in bars), SMALL) + 8
    high = max(max(bar["start"], bar["end"]) for bar in bars)
    low = min(0.0, *(min(bar["start"], bar["end"]) for bar in bars))
    domain = [low, high + (high - low) * room / (width - room)]
    return spec(
        size=(canvas.width, _ROW * max(sum(map(len, part)) for part in split) + 6),
        padding=padding(left, 2, top=2, bottom=4),
        spacing=_GAP + left,
        bounds="flush",
        hconcat=[
            _column(list(chain.from_iterable(part)), width, left, domain, canvas)
            for part in split
            if part
        ],
    )


def _block(rows: list[Row], canvas: Canvas) -> list[Row]:
    """A store's rows: a heading, the reference's sales, the factors, the store's sales."""
    store, reference = rows[0]["store_id"], rows[0]["reference_id"]
    start = rows[0]["reference_sales"]
    say = canvas.phrases.say
    block: list[Row] = [
        {"row": f"{store}|gap", "heading": ""},
        {"row": f"{store}|heading", "heading": canvas.label(store)},
        _total(f"{store}|from", say(lambda w: w.store(reference)), start, canvas),
    ]
    for row in rows:
        block.append(_effect(row, start, canvas))
        start += row["effect"]
    own = rows[0]["store_sales"]
    block.append(_total(f"{store}|to", say(lambda w: w.store(store)), own, canvas))
    return block[1:] if canvas.narrow else block


def _total(key: str, label: str, amount: float, canvas: Canvas) -> Row:
    text = canvas.value(amount, "money")
    return {"row": key, "label": label, "start": 0.0, "end": amount, "far": amount,
            "fill": "var(--ac)", "text": text, "tip": f"{label}: {text}"}  # fmt: skip


def _effect(row: Row, start: float, canvas: Canvas) -> Row:
    effect = row["effect"]
    label = canvas.phrases.say(lambda w: w.named("factor", row["factor"]))
    text = canvas.phrases.say(lambda w: w.numbers.change(effect, "money"))
    bounds = canvas.phrases.say(lambda w: w.numbers.bounds(effect, row["lo"], row["hi"], "money"))
    store = canvas.phrases.say(lambda w: w.store(row["store_id"]))
    return {
        "row": f"{row['store_id']}|{row['factor']}", "label": label, "start": start,
        "end": start + effect, "far": max(start, start + effect), "text": text,
        "fill": "var(--pos)" if effect >= 0 else "var(--neg)",
        "tip": f"{store} · {label}: {text} {bounds}".strip(),
    }  # fmt: skip


def _column(rows: list[Row], width: float, left: int, domain: list[float], canvas: Canvas) -> Row:
    keys = [row["row"] for row in rows]
    bars = [row for row in rows if "start" in row]
    x: Row = {"type": "quantitative", "axis": None, "scale": {"domain": domain, "nice": False}}
    y = store_axis(keys, canvas)
    headings = [row for row in rows if row.get("heading")]
    return {
        "width": width,
        "height": _ROW * len(keys),
        "layer": [
            {"data": {"values": bars}, "mark": {"type": "bar", "height": {"band": 0.78}},
             "encoding": {"x": {"field": "start", **x}, "x2": {"field": "end"}, "y": y,
                          "fill": {"field": "fill", "type": "nominal", "scale": None},
                          "description": {"field": "tip"}}},
            {"data": {"values": bars},
             "mark": {"type": "text", "align": "left", "baseline": "middle", "dx": 5,
                      "fontSize": SMALL},
             "encoding": {"x": {"field": "far", **x}, "y": y, "text": {"field": "text"}}},
            labels(bars, y, x=-8, color="var(--ink2)"),
            labels(headings, y, x=-left + 2, field="heading", align="left", fontWeight="bold"),
        ],
    }  # fmt: skip
