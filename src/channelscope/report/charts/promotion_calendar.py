"""F3.2: who discounts when, how deep? The last 13 weeks, activities that overlap in lanes."""

from __future__ import annotations

from datetime import date, timedelta

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
from channelscope.report.charts.steps import DEPTH_STEPS, step_colour, text_on
from channelscope.report.svg import Spec

WEEKS = 13
LANES = 5
ONE_DAY = timedelta(days=1)
_ROW = 21
_EPOCH = date(1970, 1, 1).toordinal()


def day_number(day: date) -> int:
    """Days since 1970: what the axis counts in, so that no time zone moves a bar."""
    return day.toordinal() - _EPOCH


def promotion_calendar(frame: pl.DataFrame, canvas: Canvas) -> Spec:
    """One lane per overlapping activity; the mechanism as text, the depth as a step of colour."""
    rows = [row for row in records(frame) if row["lane"] <= _first_lane(frame) + LANES - 1]
    last = max((day_number(row["last_day"]) for row in rows), default=0) + 1
    first = last - 7 * WEEKS
    lanes = _lanes(store_order(frame), rows)
    keys = [lane["row"] for lane in lanes]
    left = canvas.widest(canvas.label(lane["label"]) for lane in lanes if lane["label"]) + 12
    width = canvas.width - left - 6
    bars = [_bar(row, first, width / (last - first), canvas) for row in _joined(rows, canvas)]
    x: Row = {"type": "quantitative", "scale": {"domain": [first, last], "nice": False},
              "axis": {"title": None, "grid": True, "values": _ticks(first, last, canvas),
                       "labelExpr": "utcFormat(datum.value * 86400000, '%m-%d')"}}  # fmt: skip
    y = store_axis(keys, canvas)
    firsts = [{**lane, "label": canvas.label(lane["label"])} for lane in lanes if lane["label"]]
    return spec(
        width=width,
        height=_ROW * len(lanes),
        padding=padding(left, 6),
        layer=[
            {"data": {"values": firsts},
             "mark": {"type": "rule", "color": "var(--grid2)", "yOffset": -_ROW / 2},
             "encoding": {"x": {"value": -left + 2}, "x2": {"value": width}, "y": y}},
            {"data": {"values": bars},
             "mark": {"type": "bar", "height": {"band": 0.84}},
             "encoding": {"x": {"field": "from", **x}, "x2": {"field": "to"}, "y": y,
                          "fill": {"field": "fill", "type": "nominal", "scale": None},
                          "stroke": {"field": "rim", "type": "nominal", "scale": None},
                          "description": {"field": "tip"}}},
            {"data": {"values": [bar for bar in bars if bar["text"]]},
             "mark": {"type": "text", "baseline": "middle", "fontSize": SMALL},
             "encoding": {"x": {"field": "middle", **x}, "y": y, "text": {"field": "text"},
                          "color": {"field": "ink", "type": "nominal", "scale": None}}},
            labels(firsts, y, x=-10),
        ],
    )  # fmt: skip


def _first_lane(frame: pl.DataFrame) -> int:
    lowest = frame["lane"].min()
    return int(str(lowest)) if lowest is not None else 0


def _lanes(stores: list[str], rows: list[Row]) -> list[Row]:
    lanes: list[Row] = []
    for store in stores:
        mine = sorted({row["lane"] for row in rows if row["store_id"] == store})
        lanes += [
            {"row": f"{store}|{lane}", "label": store if at == 0 else ""}
            for at, lane in enumerate(mine)
        ]
    return lanes


def _joined(rows: list[Row], canvas: Canvas) -> list[Row]:
    """An activity that begins anew the day after it ended, at the same depth, is one bar: a deal of
    every week would be thirteen, which say no more. The data table keeps them apart."""
    joined: list[Row] = []
    latest: dict[tuple[object, ...], Row] = {}
    for row in sorted(rows, key=lambda row: row["first_day"]):
        alike = _alike(row, canvas)
        before = latest.get(alike)
        if before is not None and row["first_day"] <= before["last_day"] + ONE_DAY:
            before["last_day"] = max(before["last_day"], row["last_day"])
        else:
            latest[alike] = {**row}
            joined.append(latest[alike])
    return joined


def _alike(row: Row, canvas: Canvas) -> tuple[object, ...]:
    """What a bar shows but for its days."""
    depth = _depth(row, canvas)
    shade = step_colour(row["depth"], DEPTH_STEPS)
    return row["store_id"], row["lane"], row["mechanism"], row["label"], depth, shade


def _depth(row: Row, canvas: Canvas) -> str:
    return "" if row["depth"] is None else canvas.value(row["depth"], "percent")


def _ticks(first: int, last: int, canvas: Canvas) -> list[int]:
    step = 21 if canvas.narrow else 14
    return list(range(first, last, step))


def _bar(row: Row, first: int, per_day: float, canvas: Canvas) -> Row:
    start = max(day_number(row["first_day"]), first)
    end = day_number(row["last_day"]) + 1
    name = canvas.phrases.text(f"mechanism.{row['mechanism']}")
    depth = _depth(row, canvas)
    room = (end - start) * per_day - 6
    fitting = [t for t in (f"{name} {depth}".strip(), name, depth) if _fits(t, room, canvas)]
    known = row["depth"] is not None
    return {
        "row": f"{row['store_id']}|{row['lane']}", "from": start, "to": end,
        "middle": (start + end) / 2, "text": fitting[0] if fitting else "",
        "fill": step_colour(row["depth"], DEPTH_STEPS),
        "rim": "var(--card)" if known else "var(--grid2)",
        "ink": text_on(row["depth"], DEPTH_STEPS), "tip": _tip(row, name, depth, canvas),
    }  # fmt: skip


def _fits(text: str, room: float, canvas: Canvas) -> bool:
    return canvas.phrases.width(text) * SMALL <= room


def _tip(row: Row, name: str, depth: str, canvas: Canvas) -> str:
    days = canvas.phrases.say(
        lambda w: (
            f"{w.numbers.short_day(row['first_day'])} – {w.numbers.short_day(row['last_day'])}"
        )
    )
    label = canvas.phrases.name(row["label"] or "")
    store = canvas.phrases.say(lambda w: w.store(row["store_id"]))
    return " · ".join(part for part in (store, label, name, depth, days) if part)
