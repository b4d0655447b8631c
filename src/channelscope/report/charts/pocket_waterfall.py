"""F2.8: what of 100 at list price is left? One small waterfall a store, their rows side by side."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

import polars as pl

from channelscope.report.charts.canvas import (
    FONT,
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
from channelscope.report.numbers import Numbers
from channelscope.report.svg import Spec
from channelscope.report.wording import Say

_ROW = 19
_ABREAST = {False: 8, True: 2}
"""Stores beside one another, on a screen and on a phone."""
_WIDEST = 190
_BLOCKS = {"cost:product_cost": "goods", "cost:staff": "other_costs", "cost:other": "other_costs",
           "cost:platform_annual_fee": "other_costs"}  # fmt: skip
ROWS = ("discounts", "realised", "platform", "refunds", "selling_costs", "pocket", "goods",
        "other_costs", "contribution")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Scale:
    """Pixels of the drawing: where a column begins, how many a share takes, where zero lies."""

    column: float
    per_share: float
    zero: float

    def x(self, at: int, share: float) -> float:
        """The place of a share in the column at that place."""
        return at * self.column + self.zero + share * self.per_share


def pocket_waterfall(frame: pl.DataFrame, canvas: Canvas) -> Spec:
    """From list price down to the contribution, as parts of 100; one scale for all stores."""
    bars = {store: list(_bars(rows, canvas)) for store, rows in _stores(frame)}
    shown = [
        row for row in ROWS if any(bar["key"] == row for mine in bars.values() for bar in mine)
    ]
    blocks = _rows_of_columns(list(bars), canvas)
    names = {key: canvas.phrases.text(f"ladder.{key}") for key in shown}
    left = canvas.widest(names.values()) + 12
    scale = _scale(bars, (canvas.width - left - 4) / max(map(len, blocks), default=1), canvas)
    keys = [f"{at}|{row}" for at in range(len(blocks)) for row in ("heading", *shown)]
    y = store_axis(keys, canvas)
    width = canvas.width - left - 4
    x: Row = {"type": "quantitative", "axis": None,
              "scale": {"domain": [0, width], "nice": False}}  # fmt: skip
    placed = [
        _placed(bar, at, block, scale)
        for block, stores in enumerate(blocks)
        for at, store in enumerate(stores)
        for bar in bars[store]
    ]
    heads = [
        {"row": f"{block}|heading", "x": scale.x(at, 0), "label": _head(store, scale, canvas)}
        for block, stores in enumerate(blocks)
        for at, store in enumerate(stores)
    ]
    beside = [{"row": f"{at}|{key}", "label": names[key]} for at in range(len(blocks))
              for key in shown]  # fmt: skip
    return spec(
        width=width,
        height=_ROW * len(keys),
        padding=padding(left, 4, top=2, bottom=4),
        layer=[
            _zeros(blocks, shown, scale, x, y),
            _marks(placed, x, y),
            _numbers(placed, x, y),
            {"data": {"values": heads},
             "mark": {"type": "text", "align": "left", "baseline": "middle",
                      "fontWeight": "bold"},
             "encoding": {"x": {"field": "x", **x}, "y": y, "text": {"field": "label"}}},
            labels(beside, y, x=-8, color="var(--ink2)"),
        ],
    )  # fmt: skip


def _marks(placed: list[Row], x: Row, y: Row) -> Row:
    """The bars, those of a colour together: the drawing says it once for all of them."""
    bars = sorted((bar for bar in placed if "end" in bar), key=lambda bar: str(bar["fill"]))
    return {
        "data": {"values": bars},
        "mark": {"type": "bar", "height": {"band": 0.7}},
        "encoding": {"x": {"field": "start", **x}, "x2": {"field": "end"}, "y": y,
                     "fill": {"field": "fill", "type": "nominal", "scale": None},
                     "description": {"field": "tip"}},
    }  # fmt: skip


def _numbers(placed: list[Row], x: Row, y: Row) -> Row:
    return {
        "data": {"values": placed},
        "mark": {"type": "text", "align": "left", "baseline": "middle", "dx": 4,
                 "fontSize": SMALL},
        "encoding": {"x": {"field": "far", **x}, "y": y, "text": {"field": "text"}},
    }  # fmt: skip


def _rows_of_columns(stores: list[str], canvas: Canvas) -> list[list[str]]:
    """The stores, so many abreast, in as many rows of columns as they need."""
    abreast = _ABREAST[canvas.narrow]
    return [stores[at : at + abreast] for at in range(0, len(stores), abreast)]


def _stores(frame: pl.DataFrame) -> Iterator[tuple[str, list[Row]]]:
    """The stores of which anything is known, with their steps."""
    rows = records(frame)
    for store in store_order(frame):
        mine = [row for row in rows if row["store_id"] == store]
        if mine[0]["share_of_list"] is not None:
            yield store, mine


def _key(row: Row) -> str:
    """The row of the drawing that a step belongs to."""
    step = str(row["step"])
    kind = step.partition(":")[0]
    return {"mechanism": "discounts", "cost": _BLOCKS.get(step, "selling_costs")}.get(kind, step)


def _bars(rows: list[Row], canvas: Canvas) -> Iterator[Row]:
    """The bars of a store, down to its last known total; of the next total a dash."""
    totals = [at for at, row in enumerate(rows) if row["is_total"]]
    last = max(at for at in totals if rows[at]["amount"] is not None)
    unknown = next((rows[at] for at in totals if at > last), None)
    here, is_whole = 1.0, True
    for key, steps in ((key, list(steps)) for key, steps in groupby(rows[1 : last + 1], _key)):
        is_whole = is_whole and all(step["amount"] is not None for step in steps)
        known = [step for step in steps if step["amount"] is not None]
        if key == "merchant" or not any(step["amount"] for step in known):
            continue
        change = sum(step["share_of_list"] for step in known)
        is_total = bool(steps[0]["is_total"])
        start, end = (0.0, change) if is_total else (here, here + change)
        here = end
        yield _bar(key, known, start, end, whole=is_whole, canvas=canvas)
    if unknown is not None:
        yield {"key": _key(unknown), "from": 0.0, "to": None, "text": "–"}


def _bar(
    key: str, steps: list[Row], start: float, end: float, *, whole: bool, canvas: Canvas
) -> Row:
    is_total = bool(steps[0]["is_total"])
    fill = ("ac" if whole else "grid2") if is_total else "pos" if end > start else "neg"
    share = end if is_total else end - start
    most = "≤ " if is_total and not whole else ""
    text = most + canvas.phrases.say(lambda w: _points(w.numbers, share, is_total=is_total))
    return {"key": key, "from": start, "to": end, "text": text, "fill": f"var(--{fill})",
            "tip": _tip(key, steps, text, canvas)}  # fmt: skip


def _points(numbers: Numbers, share: float, *, is_total: bool) -> str:
    """Of 100 at list price: a total without a sign, a step with one."""
    write = numbers.value if is_total else numbers.change
    return write(100 * share, "index")


def _tip(key: str, steps: list[Row], text: str, canvas: Canvas) -> str:
    """Whose bar, what it is, and of a bar that joins several steps each of them."""
    say = canvas.phrases.say
    store = say(lambda w: w.store(steps[0]["store_id"]))
    name = canvas.phrases.text(f"ladder.{key}")
    if len(steps) == 1 and steps[0]["is_total"]:
        money = canvas.value(steps[0]["amount"], "money")
        return f"{store} · {name}: {text} ({money})"
    parts = [say(_part(step)) for step in steps]
    return f"{store} · {name}: {text}" + (f" ({'; '.join(parts)})" if len(parts) > 1 else "")


def _part(step: Row) -> Say:
    share = step["share_of_list"]
    return lambda w: f"{w.step(step['step'])} {_points(w.numbers, share, is_total=False)}"


def _scale(bars: dict[str, list[Row]], column: float, canvas: Canvas) -> Scale:
    """One scale for all columns, with room for the number behind the longest bar."""
    every = [bar for mine in bars.values() for bar in mine if bar["to"] is not None]
    low = min((min(bar["from"], bar["to"]) for bar in every), default=0.0)
    high = max((max(bar["from"], bar["to"]) for bar in every), default=1.0)
    low, high = min(low, 0.0), max(high, 1.0)
    room = canvas.widest((bar["text"] for bar in every), SMALL) + 4
    wide = min(column, _WIDEST)
    per_share = (wide - room) / (high - low)
    return Scale(wide, per_share, -low * per_share)


def _placed(bar: Row, at: int, block: int, scale: Scale) -> Row:
    row = {"row": f"{block}|{bar['key']}", "text": bar["text"]}
    if bar["to"] is None:
        return {**row, "far": scale.x(at, 0)}
    ends = [scale.x(at, bar[end]) for end in ("from", "to")]
    return {**row, "start": ends[0], "end": ends[1], "far": max(ends), "fill": bar["fill"],
            "tip": bar["tip"]}  # fmt: skip


def _head(store: str, scale: Scale, canvas: Canvas) -> str:
    name = canvas.phrases.say(lambda w: w.store(store))
    return canvas.phrases.fitted(name, (scale.column - 8) / FONT)


def _zeros(blocks: list[list[str]], shown: list[str], scale: Scale, x: Row, y: Row) -> Row:
    """A line at nothing in every column, over all rows of its block."""
    lines = [
        {"row": f"{block}|{shown[0]}", "last": f"{block}|{shown[-1]}", "x": scale.x(at, 0)}
        for block, stores in enumerate(blocks)
        for at in range(len(stores))
        if shown
    ]
    return {
        "data": {"values": lines},
        "mark": {"type": "rule", "color": "var(--grid2)"},
        "encoding": {"x": {"field": "x", **x}, "y": {**y, "bandPosition": 0},
                     "y2": {"field": "last", "bandPosition": 1}},
    }  # fmt: skip
