"""The columns of a review's data tables whose unit or words are not those of other reports."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from channelscope.report.charts.canvas import Row
from channelscope.report.numbers import MISSING
from channelscope.report.review_words import (
    base_name,
    event_name,
    in_unit,
    metric_name,
    signed,
    store_name,
)
from channelscope.report.wording import Wording, plain_name

_ROW, _CHANGE = "unit of the row", "change in the unit of the row"
_RELATIVE, _SIGNED_RATIO, _PLAIN = "signed rate", "signed ratio", "plain"
_ENDS = dict.fromkeys(("relative", "relative_lo", "relative_hi"), _RELATIVE)
_UNITS: Mapping[str, Mapping[str, str]] = {
    "variance_table": {
        "actual": _ROW, "baseline": _ROW, "change": _CHANGE, "lo": _CHANGE, "hi": _CHANGE,
        "immature": "rate", "developed": "money", **_ENDS,
    },
    "sales_slope": {"actual": "money", "baseline": "money", **_ENDS},
    "weekly_pace": {"level_before": "index", "sales": "money"},
    "exceptions": {
        "actual": _ROW, "baseline": _ROW, "change": _CHANGE, "relative": _RELATIVE,
        "floor_relative": "rate", "floor_absolute": _PLAIN, "amount": "money",
    },
    "price_order_changes": {
        **dict.fromkeys(("share_before", "share_now", "depth_before", "depth_now"), "rate"),
        "shortfall_amount": "money",
    },
    "drift": {**dict.fromkeys(("distance_before", "distance"), "ratio"),
              **dict.fromkeys(("change", "lo", "hi"), _SIGNED_RATIO)},
    "decision_log": {"threshold": _ROW, "actual": _ROW},
    "next_decisions": {"threshold": _ROW},
    "predictions": {"low": _ROW, "likely": _ROW, "high": _ROW, "actual": _ROW, "level": "percent"},
    "hit_rates": {"lo": "rate", "hi": "rate", "level": "percent"},
    "projection": {
        **dict.fromkeys(("so_far", "aligned_so_far", "aligned", "projected", "low", "high"),
                        "money"),
        **dict.fromkeys(("growth", "growth_lo", "growth_hi"), _RELATIVE), "level": "percent",
    },
}  # fmt: skip
_WORDS = ("base", "store_id", "stores", "metric", "status", "change", "side", "direction", "event",
          "rule", "made_in")  # fmt: skip
FIGURES = (
    *_UNITS, "total_bridge", "store_bridges", "aligned_days",
)  # fmt: skip


def is_own(figure: str, name: str) -> bool:
    """Whether a column of a review's figure is written here."""
    return figure in FIGURES and (name in _UNITS.get(figure, {}) or name in _WORDS)


def own_text(words: Wording, figure: str, name: str, row: Row) -> str:
    """A cell in its unit, or its code in words."""
    value = row[name]
    if value is None:
        return MISSING
    unit = _UNITS.get(figure, {}).get(name)
    if unit is None or isinstance(value, str):
        return _word(words, name, str(value))
    special: Mapping[str, Callable[[], str]] = {
        _RELATIVE: lambda: signed(words, value),
        _CHANGE: lambda: words.numbers.change(value, row["unit"] or "count", tight=True),
        _SIGNED_RATIO: lambda: words.numbers.change(value, "ratio"),
        _PLAIN: lambda: words.numbers.plain(value, 0 if float(value).is_integer() else 3),
        _ROW: lambda: in_unit(words, value, row["unit"]),
    }
    return special[unit]() if unit in special else in_unit(words, value, unit)


_FAMILIES = {"status": "review.status_name", "change": "review.order", "side": "review.side",
             "direction": "review.direction", "rule": "rule"}  # fmt: skip


def _word(words: Wording, name: str, value: str) -> str:
    if name == "made_in" and value == "all":
        return words.text("grid.hit_rates.all")
    spoken: Mapping[str, Callable[[str], str]] = {
        "base": lambda base: base_name(words, base),
        "store_id": lambda store: store_name(words, store),
        "stores": lambda stores: " + ".join(words.store(part) for part in stores.split("+")),
        "metric": lambda metric: metric_name(words, metric),
        "event": event_name,
    }
    if name in spoken:
        return spoken[name](value)
    return words.texts.text_or(f"{_FAMILIES.get(name, name)}.{value}", plain_name(value))
